//! XML as `JUnit` writes it, one test suite a lesson and one test case a check, as test
//! dashboards read it.
//!
//! Whatever a program printed, the document is valid: characters that XML 1.0
//! does not allow (section 2.2) are written as U+FFFD.

use std::{collections::BTreeMap, io::Write, time::Duration};

use anyhow::Result;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use crate::verdict::{Check, Findings, Status, Stopped, slashes};

pub(super) fn print(findings: &Findings) -> Result<()> {
    let mut out = std::io::stdout().lock();
    write(&mut out, findings)?;
    writeln!(out)?;
    Ok(())
}

pub(super) fn print_error(error: &anyhow::Error) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let mut xml = begin(&mut out)?;
    let suites = [
        ("name", "check".to_owned()),
        ("tests", "1".to_owned()),
        ("errors", "1".to_owned()),
    ];
    open(&mut xml, "testsuites", &suites)?;
    open(&mut xml, "testsuite", &suites)?;
    open(
        &mut xml,
        "testcase",
        &[
            ("name", "check".to_owned()),
            ("classname", "check".to_owned()),
        ],
    )?;
    text(
        &mut xml,
        "error",
        "the check could not be made",
        &format!("{error:#}"),
    )?;
    for name in ["testcase", "testsuite", "testsuites"] {
        xml.write_event(Event::End(BytesEnd::new(name)))?;
    }
    writeln!(out)?;
    Ok(())
}

/// All checks, and one for those that were not made.
fn checks(findings: &Findings) -> Vec<Check> {
    let mut checks = findings.checks.clone();
    if let Some(stopped) = findings.stopped {
        checks.push(Check {
            lesson: "check".to_owned(),
            name: "everything".to_owned(),
            file: "lessons".into(),
            line: 1,
            status: match stopped {
                Stopped::Interrupted => Status::Incomplete,
                // What ended it has failed, and stands here.
                Stopped::FailFast => Status::Skipped,
            },
            elapsed: Duration::ZERO,
            runs: 0,
            names: BTreeMap::new(),
            detail: Some(stopped.sentence().to_owned()),
            spots: Vec::new(),
        });
    }
    checks
}

fn write(out: &mut impl Write, findings: &Findings) -> Result<()> {
    let checks = checks(findings);
    let mut xml = begin(out)?;
    open(
        &mut xml,
        "testsuites",
        &counts("cargo xtask check", &checks, findings.elapsed.as_secs_f64()),
    )?;
    for lesson in checks.chunk_by(|one, next| one.lesson == next.lesson) {
        let seconds = lesson.iter().map(|check| check.elapsed.as_secs_f64()).sum();
        open(
            &mut xml,
            "testsuite",
            &counts(&lesson[0].lesson, lesson, seconds),
        )?;
        for check in lesson {
            write_check(&mut xml, check)?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    Ok(())
}

fn write_check(xml: &mut Writer<impl Write>, check: &Check) -> Result<()> {
    let attributes = [
        ("name", check.name.clone()),
        ("classname", check.lesson.clone()),
        ("file", slashes(&check.file)),
        ("line", check.line.to_string()),
        ("time", format!("{:.6}", check.elapsed.as_secs_f64())),
    ];
    open(xml, "testcase", &attributes)?;
    let detail = check.plain_detail().unwrap_or_default();
    match check.status {
        Status::Passed => {}
        Status::Skipped => text(xml, "skipped", check.status.word(), &detail)?,
        status if status.unchecked() => text(xml, "error", status.word(), &detail)?,
        status => text(xml, "failure", status.word(), &detail)?,
    }
    xml.write_event(Event::End(BytesEnd::new("testcase")))?;
    Ok(())
}

fn counts(name: &str, checks: &[Check], seconds: f64) -> [(&'static str, String); 6] {
    let count = |wanted: &dyn Fn(Status) -> bool| {
        checks
            .iter()
            .filter(|check| wanted(check.status))
            .count()
            .to_string()
    };
    [
        ("name", name.to_owned()),
        ("tests", checks.len().to_string()),
        (
            "failures",
            count(&|status| status.failed() && !status.unchecked()),
        ),
        ("errors", count(&Status::unchecked)),
        ("skipped", count(&|status| status == Status::Skipped)),
        ("time", format!("{seconds:.6}")),
    ]
}

fn begin<W: Write>(out: W) -> Result<Writer<W>> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    Ok(xml)
}

fn open<const N: usize>(
    xml: &mut Writer<impl Write>,
    name: &'static str,
    attributes: &[(&'static str, String); N],
) -> Result<()> {
    let mut element = BytesStart::new(name);
    for (key, value) in attributes {
        element.push_attribute((*key, allowed(value).as_str()));
    }
    xml.write_event(Event::Start(element))?;
    Ok(())
}

fn text(xml: &mut Writer<impl Write>, name: &'static str, message: &str, body: &str) -> Result<()> {
    open(xml, name, &[("message", message.to_owned())])?;
    xml.write_event(Event::Text(BytesText::new(&allowed(body))))?;
    xml.write_event(Event::End(BytesEnd::new(name)))?;
    Ok(())
}

/// The text with what XML 1.0 does not allow taken out.
fn allowed(text: &str) -> String {
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars()
        .map(|c| {
            if is_allowed(c) {
                c
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect()
}
