//! The book in a real browser, from the file system. Where there is no `chromedriver`
//! each of these tests says that it was skipped.

use std::path::PathBuf;

use fantoccini::key::Key;

use crate::{
    browser,
    fixture::{Folder, Page},
    strangers,
};

const PACKETS: &str = "\
[client] SYN from <port:client> to <port:server>
[server] SYN ACK
[client] ACK
[client] 33 bytes
[server] <number:n 40..=50> bytes
[client] FIN
[server] 7 bytes after FIN
[server] RST
";

/// The book of the whole course, with one lesson more that has something of everything.
fn book() -> Folder {
    let page = Page::new()
        .on_the_wire(PACKETS)
        .with(
            "```text run=greet\nhello\n```",
            "```text run=greet order=speakers\n[client] <port:client>, after <duration ..=2s>\n\
             [server] <number 30..=40>\n[reader] ...\n[writer] <any>\n```",
        )
        .saying(
            "A-long-word-that-no-telephone-has-room-for-and-that-has-to-be-broken-somewhere, and \
             `code_that_is_as_long_as_no_line_of_a_telephone_is_and_goes_on_for_some_time`.\n\n\
             | a | table | that is | far too | wide for | a telephone | to show |\n\
             |---|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 | `a_long_name_in_code` |\n\n\
             ```text illustration\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n```",
        );
    let folder = Folder::with_all_lessons(&page);
    folder.built();
    folder
}

/// Every page of a book.
fn pages(folder: &Folder) -> Vec<PathBuf> {
    let book = folder.path("book");
    let mut pages = vec![book.join("index.html"), book.join("print.html")];
    for lesson in folder.course().lessons {
        pages.push(book.join(format!("lessons/{}.html", lesson.id)));
        pages.push(book.join(format!("lessons/{}/sources.html", lesson.id)));
    }
    pages
}

#[test]
fn every_page_loads_without_a_complaint_and_from_the_file_system_alone() {
    let folder = book();
    browser::run(|browser| async move {
        browser.go_offline().await;
        let pages = pages(&folder);
        assert!(pages.len() >= 8);
        for page in pages {
            browser.open(&page).await;
            assert!(
                browser.is("document.querySelector('main h1')").await,
                "{page:?}"
            );
            assert_eq!(browser.complaints().await, [""; 0], "{page:?}");
            // Nor does it look elsewhere for what it could not load.
            let loaded = browser
                .texts(
                    "return [...document.querySelectorAll('link[href], [src]')]
                     .map(one => one.src || one.href)",
                )
                .await;
            assert!(loaded.len() > 5, "{page:?}: {loaded:?}");
            for resource in loaded {
                assert!(resource.starts_with("file://"), "{page:?} loads {resource}");
            }
        }
    });
}

#[test]
fn search_finds_a_lesson_by_a_word() {
    let folder = book();
    browser::run(|browser| async move {
        browser
            .open(&folder.path("book/lessons/tcp-basics.html"))
            .await;
        browser.press("/").await;
        browser
            .until("document.activeElement.id === 'mdbook-searchbar'")
            .await;
        browser.press("backpressure").await;
        let results = "[...document.querySelectorAll('#mdbook-searchresults li a')]";
        browser.until(&format!("{results}.length > 0")).await;
        let found = browser
            .texts(&format!("return {results}.map(link => link.href)"))
            .await;
        assert!(
            found[0].contains("lessons/readable-streams.html"),
            "{found:?}"
        );
        for address in &found {
            assert!(!address.contains("sources.html"), "{found:?}");
        }
        browser.script(&format!("{results}[0].click()")).await;
        browser.until("document.querySelector('main mark')").await;
        assert!(
            browser
                .is("document.title.includes('Readable Streams')")
                .await
        );
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

#[test]
fn a_hint_unfolds_by_keyboard() {
    let folder = book();
    browser::run(|browser| async move {
        browser
            .open(&folder.path("book/lessons/tcp-basics.html"))
            .await;
        browser
            .script("document.querySelector('#challenge a').focus()")
            .await;
        let at_hint = "document.activeElement.matches('.hint > summary')";
        for _ in 0..20 {
            if browser.is(at_hint).await {
                break;
            }
            browser.press(&Key::Tab).await;
        }
        assert!(browser.is(at_hint).await, "the Tab key leads to no hint");

        let shown = "document.activeElement.parentElement.querySelector('p').checkVisibility()";
        assert!(!browser.is(shown).await);
        browser.press(&Key::Enter).await;
        assert!(browser.is(shown).await);
        let open = browser.texts("return [...document.querySelectorAll('.hint[open] > summary')].map(one => one.textContent)").await;
        assert_eq!(open.len(), 1, "one at a time: {open:?}");
        browser.press(&Key::Enter).await;
        assert!(!browser.is(shown).await);
    });
}

#[test]
fn a_placeholder_says_what_it_allows_by_keyboard() {
    let folder = book();
    browser::run(|browser| async move {
        browser
            .open(&folder.path("book/lessons/tcp-basics.html"))
            .await;
        browser
            .script("document.querySelector('#expected-output a').focus()")
            .await;
        browser.press(&Key::Tab).await;
        assert!(
            browser
                .is("document.activeElement.matches('var.place')")
                .await
        );
        let told = browser
            .texts(
                "const place = document.activeElement;
                 return [place.textContent, getComputedStyle(place, '::after').content,
                         document.getElementById(place.getAttribute('aria-describedby')).textContent]",
            )
            .await;
        let words = "any port, from 1 to 65535; the same one wherever port:server stands";
        assert_eq!(
            told,
            [
                "port:server".to_owned(),
                format!("\"{words}\""),
                words.to_owned()
            ]
        );
        let is_told = "getComputedStyle(document.activeElement, '::after').content !== 'none'";
        assert!(browser.is(is_told).await);
        browser.press(&Key::Escape).await;
        assert!(!browser.is(is_told).await, "Escape does not put it away");
        browser.press(&Key::Tab).await;
        assert!(browser.is(is_told).await, "the next one is not told");
        // Each of them refers to words that are there, on the page of all pages too.
        for page in ["index.html", "lessons/tcp-basics.html", "print.html"] {
            browser.open(&folder.path("book").join(page)).await;
            let lost = browser
                .texts(
                    "return [...document.querySelectorAll('var.place[aria-describedby]')]
                     .filter(place => place.getAttribute('aria-label') !== place.textContent
                         || document.getElementById(place.getAttribute('aria-describedby'))
                         ?.textContent !== place.dataset.allows).map(place => place.outerHTML)",
                )
                .await;
            assert_eq!(lost, [""; 0], "on {page}");
        }
    });
}

#[test]
fn a_listing_leads_to_its_lines_in_the_whole_file() {
    let folder = book();
    browser::run(|browser| async move {
        let page = folder.path("book/lessons/tcp-basics.html");
        browser.open(&page).await;
        let file = "experiment/src/server.rs";
        let listing = browser
            .texts(&format!(
                "const figure = [...document.querySelectorAll('figure.listing')]
                     .find(one => one.querySelector('.file').textContent === '{file}');
                 figure.querySelector('a.file').click();
                 return [figure.querySelector('code').textContent]"
            ))
            .await;
        browser
            .until("document.querySelector('.marked:target')")
            .await;
        let marked = browser
            .texts("return [document.querySelector('.marked:target').textContent]")
            .await;
        assert_eq!(marked[0].trim_end(), listing[0].trim_end());
        // They are seen, below the bar, and look unlike the others.
        assert!(
            browser
                .is("(() => {
                     const marked = document.querySelector('.marked:target');
                     const top = marked.querySelector('.line').getBoundingClientRect().top;
                     const bar = document.getElementById('mdbook-menu-bar').getBoundingClientRect();
                     const ground = (one) => getComputedStyle(one).backgroundColor;
                     return top >= bar.bottom && top < innerHeight / 2
                         && ground(marked) !== ground(marked.parentElement);
                 })()")
                .await
        );
        // The colours of the code have left its text as it is, and each line its number.
        let shown = browser
            .texts(&format!(
                "const section = [...document.querySelectorAll('.source')]
                     .find(one => one.querySelector('h2').textContent === '{file}');
                 return [section.querySelector('code').textContent,
                         `${{section.querySelectorAll('.line').length}}`]"
            ))
            .await;
        let course = folder.course();
        let lesson = course.lessons.iter().find(|one| one.id == "tcp-basics");
        let text = lesson.expect("a lesson").text_of(file).expect("a file");
        assert_eq!(shown[0], text);
        assert_eq!(shown[1], text.lines().count().to_string());
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

#[test]
fn the_ladder_has_the_lines_of_the_page() {
    let folder = book();
    browser::run(|browser| async move {
        browser
            .open(&folder.path("book/lessons/greeting.html"))
            .await;
        let steps = browser
            .texts(
                "const words = (element) => [...element.childNodes]
                     .filter(node => node.tagName !== 'title').map(node =>
                         node.childNodes.length ? words(node) : node.textContent).join('');
                 return [...document.querySelectorAll('svg.ladder .step')].map(step => {
                     const line = step.querySelector('line');
                     const right = line.x2.baseVal.value > line.x1.baseVal.value;
                     const text = [...step.querySelectorAll('text')].map(words).join(' ');
                     return `[${right ? 'client' : 'server'}] ${text}`;
                 })",
            )
            .await;
        let expected: Vec<String> = PACKETS
            .lines()
            .map(|line| line.replace(['<', '>'], ""))
            .collect();
        assert_eq!(steps, expected);

        // The same lines are there as text, and nothing is drawn outside the drawing.
        let lines = browser
            .texts("return [document.querySelector('.wire samp').textContent]")
            .await;
        assert_eq!(lines[0].lines().collect::<Vec<_>>(), expected);
        let outside = browser
            .texts(
                "const frame = document.querySelector('svg.ladder').getBoundingClientRect();
                 return [...document.querySelectorAll('svg.ladder *')].filter(one => {
                     const box = one.getBoundingClientRect();
                     return box.left < frame.left - 1 || box.right > frame.right + 1
                         || box.bottom > frame.bottom + 1 || box.top < frame.top - 1;
                 }).filter(one => one.checkVisibility()).map(one => one.outerHTML)",
            )
            .await;
        assert_eq!(outside, [""; 0]);
        // Words lie between the lifelines, and on no other words.
        let overlaps = browser
            .texts(
                "const texts = [...document.querySelectorAll('svg.ladder .step text')];
                 const boxes = texts.map(text => text.getBBox());
                 return texts.filter((text, at) => boxes.some((other, which) => which > at
                     && other.y < boxes[at].y + boxes[at].height - 4
                     && boxes[at].y < other.y + other.height - 4)).map(one => one.textContent)",
            )
            .await;
        assert_eq!(overlaps, [""; 0]);
    });
}

#[test]
fn every_text_has_enough_contrast_in_light_and_in_dark() {
    let folder = book();
    browser::run(|browser| async move {
        for scheme in ["light", "dark"] {
            browser.emulate("prefers-color-scheme", scheme).await;
            for page in pages(&folder) {
                browser.open(&page).await;
                // Where a page has lines that can be marked, some of them are.
                browser
                    .script("location.hash = document.querySelector('.marked')?.id ?? ''")
                    .await;
                let found = browser.texts(include_str!("contrast.js")).await;
                let (texts, faint) = found.split_first().unwrap();
                assert!(
                    texts.parse::<u32>().unwrap() > 20,
                    "{page:?}: {texts} texts"
                );
                assert_eq!(faint, [""; 0], "{page:?} in {scheme}");
            }
            // What search shows, too.
            browser.open(&folder.path("book/index.html")).await;
            browser.press("/").await;
            browser
                .until("document.activeElement.id === 'mdbook-searchbar'")
                .await;
            browser.press("stream").await;
            browser
                .until("document.querySelector('#mdbook-searchresults li')")
                .await;
            let found = browser.texts(include_str!("contrast.js")).await;
            assert_eq!(found[1..], [""; 0], "search in {scheme}");
        }
    });
}

#[test]
fn the_two_looks_differ_and_the_menu_offers_both() {
    let folder = book();
    browser::run(|browser| async move {
        browser.emulate("prefers-color-scheme", "light").await;
        browser
            .open(&folder.path("book/lessons/greeting.html"))
            .await;
        let ground = "return [getComputedStyle(document.documentElement).backgroundColor]";
        let light = browser.texts(ground).await;
        browser
            .script("document.getElementById('mdbook-theme-toggle').click()")
            .await;
        let offered = browser
            .texts("return [...document.querySelectorAll('#mdbook-theme-list button')].map(one => one.textContent)")
            .await;
        assert_eq!(offered, ["Auto", "Light", "Dark"]);
        browser
            .script("document.getElementById('mdbook-theme-navy').click()")
            .await;
        assert_ne!(browser.texts(ground).await, light);
        browser
            .script("document.getElementById('mdbook-theme-default_theme').click()")
            .await;
        assert_eq!(browser.texts(ground).await, light);
    });
}

#[test]
fn a_telephone_does_not_scroll_sideways() {
    let folder = book();
    browser::run(|browser| async move {
        browser.resize(360, 740).await;
        for page in pages(&folder) {
            browser.open(&page).await;
            let wide = browser
                .texts(
                    "const wide = [];
                     for (const part of [document.scrollingElement, document.body,
                             document.getElementById('mdbook-content'), document.querySelector('main')]) {
                         if (part.scrollWidth > part.clientWidth + 1) {
                             wide.push(`${part.tagName} is ${part.scrollWidth} wide, of ${part.clientWidth}`);
                         }
                     }
                     for (const details of document.querySelectorAll('details')) {
                         details.open = true;
                     }
                     // What is too wide has to scroll by itself.
                     for (const one of document.querySelectorAll('main *')) {
                         if (one.getBoundingClientRect().right > 361
                                 && !one.parentElement.closest('pre, .table-wrapper')) {
                             wide.push(one.outerHTML.slice(0, 200));
                         }
                     }
                     return wide",
                )
                .await;
            assert_eq!(wide, [""; 0], "{page:?}");
            let unreachable = browser
                .texts(
                    "return [...document.querySelectorAll('main *')].filter(one =>
                         one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
                         && getComputedStyle(one).overflowX === 'auto' && one.tabIndex !== 0)
                         .map(one => one.outerHTML.slice(0, 200))",
                )
                .await;
            assert_eq!(unreachable, [""; 0], "{page:?}, by keyboard");
        }
    });
}

#[test]
fn code_in_a_line_ends_where_the_line_does() {
    let folder = book();
    browser::run(|browser| async move {
        browser
            .open(&folder.path("book/lessons/tcp-basics.html"))
            .await;
        let wide = browser
            .texts(
                "const main = document.querySelector('main');
                 // A space at the end of code is given no room at the end of a line.
                 const codes = [...main.querySelectorAll('p > code')]
                     .filter(code => !code.textContent.endsWith(' '));
                 const wide = [];
                 for (let width = 400; width < 500; width++) {
                     main.style.width = `${width}px`;
                     for (const code of codes) {
                         const end = code.parentElement.getBoundingClientRect().right;
                         if ([...code.getClientRects()].some(part => part.right > end + 0.5)) {
                             wide.push(`${code.textContent}, where a line is ${width} wide`);
                         }
                     }
                 }
                 return wide",
            )
            .await;
        assert_eq!(wide, [""; 0]);
    });
}

#[test]
fn nothing_moves_for_whoever_wants_little_motion() {
    let folder = book();
    browser::run(|browser| async move {
        browser
            .open(&folder.path("book/lessons/tcp-basics.html"))
            .await;
        let moving = "const times = (one) => {
                 const style = getComputedStyle(one);
                 return [...style.transitionDuration.split(','), ...style.animationDuration.split(',')];
             };
             return [...document.querySelectorAll('*')].filter(one =>
                 times(one).some(time => parseFloat(time) > 0.001)).map(one => one.outerHTML.slice(0, 200))";
        assert_ne!(browser.texts(moving).await, [""; 0]);
        browser.emulate("prefers-reduced-motion", "reduce").await;
        assert_eq!(browser.texts(moving).await, [""; 0]);
    });
}

#[test]
fn the_contents_are_shown_and_put_away_by_keyboard() {
    let folder = book();
    browser::run(|browser| async move {
        for motion in ["no-preference", "reduce"] {
            browser.emulate("prefers-reduced-motion", motion).await;
            browser
                .open(&folder.path("book/lessons/tcp-basics.html"))
                .await;
            let focus = "document.getElementById('mdbook-sidebar-toggle').focus()";
            browser.script(focus).await;
            let shown = "document.getElementById('mdbook-sidebar').checkVisibility()";
            assert!(browser.is(shown).await);
            browser.press(&Key::Enter).await;
            browser.until(&format!("!{shown}")).await;
            browser.press(" ").await;
            browser.until(shown).await;
        }
    });
}

#[test]
fn nothing_of_a_page_is_run() {
    let folder = strangers::built();
    browser::run(|browser| async move {
        for page in pages(&folder) {
            browser.open(&page).await;
            // Whatever runs calls `hacked`, which is not there, and the console tells.
            assert_eq!(browser.complaints().await, [""; 0], "{page:?}");
            let alive = browser
                .texts(
                    "const all = document.querySelectorAll('main *, #mdbook-sidebar *, head > title');
                     return [...all].filter(one => one.matches('script, iframe, img, object, embed, form')
                         || one.getAttributeNames().some(name => name.startsWith('on')))
                         .map(one => one.outerHTML)",
                )
                .await;
            assert_eq!(alive, [""; 0], "{page:?}");
        }
    });
}
