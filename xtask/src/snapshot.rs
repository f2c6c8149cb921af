//! What a reviewer sees of a lesson: its outline, and what its programs really
//! print, in canonical form.
//!
//! The canonical form is what the page would say: placeholders, ranges and
//! elisions as the page writes them, names in place of values, speakers in the
//! page's order. So it is the same for every right run, and a change to a
//! program, a page or a requirement shows as just that.

use std::{fmt::Write as _, path::Path};

use anyhow::{Result, anyhow};
use lesson::{Course, Lesson, ProgramUse, Stream};
use runner::{Budget, Isolation, Program};

use crate::programs::Programs;
