//! What can be checked without running anything: the course, the pages, and
//! their listings.

use std::{collections::BTreeMap, path::Path, time::Duration};

use lesson::{Block, Course, Diagnostic, Lesson, Listing, ListingTie, Look, Severity, Tie};

use crate::{
    diff,
    programs::Programs,
    verdict::{Check, Spot, Status},
};

/// What is wrong with the course and belongs to no lesson: a check for each
/// file or folder.
pub(super) fn course(course: &Course) -> Vec<Check> {
    let mut checks = Vec::new();
    for diagnostics in course
        .diagnostics
        .chunk_by(|one, next| one.file == next.file)
    {
        let mut check = page_check("course", &diagnostics[0].file, diagnostics);
        "course".clone_into(&mut check.name);
        checks.push(check);
    }
    checks
}

/// The page itself, then each of its listings.
pub(super) fn check(lesson: &Lesson) -> Vec<Check> {
    let mut page = page_check(&lesson.id, &lesson.page, &lesson.diagnostics);
    // A page that cannot be read any more has changed, too.
    if lesson.has_changed().unwrap_or(true) {
        page.status = Status::Invalid;
        let changed = "The page has changed since this check began, so nothing here is about the page \
                       as it is now. Run the check again.";
        page.spots.insert(
            0,
            Spot {
                file: lesson.page.clone(),
                line: 1,
                detail: changed.to_owned(),
            },
        );
        page.detail = Some(match page.detail {
            Some(detail) => format!("{changed}\n\n{detail}"),
            None => changed.to_owned(),
        });
    }
    let mut checks = vec![page];
    for block in &lesson.blocks {
        if let Tie::Listing(tie) = &block.tie {
            checks.extend(listing(lesson, block, tie));
        }
    }
    checks
}

fn page_check(lesson: &str, file: &Path, diagnostics: &[Diagnostic]) -> Check {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error);
    let gravest = errors.clone().next().or(diagnostics.first());
    let status = if errors.clone().next().is_some() {
        Status::Invalid
    } else {
        Status::Passed
    };
    let rendered: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.render(Look::Coloured))
        .collect();
    Check {
        lesson: lesson.to_owned(),
        name: "page".to_owned(),
        file: file.to_path_buf(),
        line: gravest.map_or(1, line),
        status,
        elapsed: Duration::ZERO,
        runs: 0,
        names: BTreeMap::new(),
        detail: (!rendered.is_empty()).then(|| rendered.join("\n")),
        spots: errors.map(spot).collect(),
    }
}

fn line(diagnostic: &Diagnostic) -> usize {
    diagnostic.place.as_ref().map_or(1, |place| place.line)
}

fn spot(diagnostic: &Diagnostic) -> Spot {
    Spot {
        file: diagnostic.file.clone(),
        line: line(diagnostic),
        detail: diagnostic.render(Look::Plain),
    }
}

/// The programs of the lesson that nobody runs, and that do not build.
pub(super) fn unbuilt<'a>(
    lesson: &'a Lesson,
    programs: &'a Programs,
) -> impl Iterator<Item = Check> + 'a {
    let folder = lesson.page.parent().unwrap_or(&lesson.page);
    programs.unbuilt(lesson).map(move |(name, why)| Check {
        lesson: lesson.id.clone(),
        name: format!("build {name}"),
        file: folder.join("experiment/Cargo.toml"),
        line: 1,
        status: Status::Unbuilt,
        elapsed: Duration::ZERO,
        runs: 0,
        names: BTreeMap::new(),
        detail: Some(why),
        spots: Vec::new(),
    })
}

/// A listing, held against its file.
fn listing(lesson: &Lesson, block: &Block, tie: &ListingTie) -> Option<Check> {
    let (status, detail) = match lesson.listing(block)? {
        Listing::Same => (Status::Passed, None),
        Listing::Drifted { expected, actual } => {
            let file = match &tie.region {
                Some(region) => format!("the region `{region}` of `{}`", tie.file),
                None => format!("`{}`", tie.file),
            };
            let told = format!(
                "The page does not show {file} as it is. In the page (-) and in the file (+):\n\n{}\n\n\
                 `cargo xtask bless {}` takes over what the file says.",
                diff::lines(&actual, &expected, block.line + 1).trim_end(),
                lesson.id,
            );
            (Status::Drifted, Some(told))
        }
        Listing::Invalid => (
            Status::Invalid,
            Some("There is nothing to show; see the page's own check.".to_owned()),
        ),
    };
    let file = match &tie.region {
        Some(region) => format!("{}#{region}", tie.file),
        None => tie.file.clone(),
    };
    Some(Check {
        lesson: lesson.id.clone(),
        name: format!("listing {file}"),
        file: lesson.page.clone(),
        line: block.line,
        status,
        elapsed: Duration::ZERO,
        runs: 0,
        names: BTreeMap::new(),
        detail,
        spots: Vec::new(),
    })
}
