//! The book, seen from outside: what is on its pages, and how a browser shows them.

mod browser;
mod fixture;
mod in_a_browser;
mod ladders;
mod links;
mod pages;
mod program;
mod strangers;
