//! The course as a web site: a folder of pages that a browser opens from the file
//! system, with nothing loaded from elsewhere.
//!
//! mdBook's own library lays the site out: sidebar, search, themes, print. What stands
//! on a page is made here, from what the `lesson` crate has read: each page becomes
//! HTML before mdBook sees it. So a page is data. Its raw HTML is shown, not
//! interpreted. A page with a link that leads nowhere makes no book.
//!
//! # The way through the code
//!
//! [`build`] renders every lesson with `page`: `markdown` turns Markdown into HTML and
//! asks `links` where each link leads; `block` shows listings and outputs, with
//! `allows` to say what a placeholder stands for, and `ladder` to draw packets;
//! `challenge` adds requirements and hints. `sources` shows the files that the pages
//! name, `home` is the first page, and `site` hands all of it to mdBook.

mod allows;
mod block;
mod challenge;
mod error;
mod facts;
mod home;
mod html;
mod ladder;
mod links;
mod markdown;
mod page;
mod site;
mod sources;

pub use error::BookError;
pub use facts::{Challenge, Commit, Facts, Requirement};
pub use site::build;
