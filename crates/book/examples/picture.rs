//! A picture of a page of the book, as it stands in the README:
//!
//! ```console
//! $ cargo xtask book
//! $ cargo run --package book --example picture -- target/book/lessons/tcp-basics.html '#on-the-wire' docs/book.png
//! ```
//!
//! It needs `chromedriver`, as the book's tests do.

#[path = "../tests/it/browser.rs"]
mod browser;

use std::{env, fs, path::Path};

const SIZE: (u32, u32) = (1120, 800);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [page, place, picture] = args.as_slice() else {
        return Err("say of which page, of which place on it, and into which file".into());
    };
    let page = Path::new(page).canonicalize()?;
    let (place, picture) = (place.clone(), picture.clone());
    browser::run(|browser| async move {
        browser.resize(SIZE.0, SIZE.1).await;
        browser.open(&page).await;
        let scroll =
            format!("document.querySelector({place:?}).scrollIntoView(); scrollBy(0, -60)");
        browser.script(&scroll).await;
        browser.until("document.fonts.status === 'loaded'").await;
        let png = browser.picture().await;
        match fs::write(&picture, png) {
            Ok(()) => println!("{picture}"),
            Err(error) => eprintln!("error: cannot write {picture}: {error}"),
        }
    });
    Ok(())
}
