//! A judge of a few lines: a candidate meets a requirement by printing its name.

use std::process::{Command, ExitCode};
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let all = ["says yes", "says please"];
    match words.as_slice() {
        ["list"] => {
            let listed = all.map(|name| format!(r#"{{"name":"{name}","reason":"it has to"}}"#));
            println!(
                r#"{{"challenge":"five","summary":"says it","requirements":[{}]}}"#,
                listed.join(",")
            );
        }
        ["stand-ins"] => println!(r#"["exits-at-once"]"#),
        ["stand-in", ..] => {}
        ["judge", "five", rest @ ..] => {
            let at = rest.iter().position(|word| *word == "--").unwrap();
            let options = rest[..at]
                .chunks(2)
                .filter(|option| option[0] == "--requirement");
            let only: Vec<&str> = options.map(|option| option[1]).collect();
            let Ok(output) = Command::new(rest[at + 1]).args(&rest[at + 2..]).output() else {
                eprintln!("error: there is no program {}", rest[at + 1]);
                return ExitCode::from(2);
            };
            let mut all_met = true;
            let said = String::from_utf8(output.stdout).unwrap();
            for name in all
                .iter()
                .filter(|name| only.is_empty() || only.contains(name))
            {
                let met = said.contains(name);
                all_met &= met;
                let (verdict, report) = if met {
                    ("met", "")
                } else if said.contains("maybe") {
                    ("unclear", "Who knows.\\n")
                } else {
                    ("not met", "It did not.\\n\\nwhy it matters: it has to\\n")
                };
                println!(
                    r#"{{"requirement":"{name}","verdict":"{verdict}","seconds":0.1,"report":"{report}"}}"#
                );
            }
            return ExitCode::from(u8::from(!all_met));
        }
        _ => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}
