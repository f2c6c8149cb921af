//! The book, seen from outside: what is on its pages, and how a browser shows them.

mod fixture;
mod ladders;
mod links;
mod pages;
mod strangers;
