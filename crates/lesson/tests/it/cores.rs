//! Work on many things at once.

#[test]
fn everything_is_worked_on_and_stays_in_order() {
    let items: Vec<u32> = (0..1000).collect();
    let done = lesson::on_every_core(&items, |item| item + 1);
    assert_eq!(done, (1..1001).collect::<Vec<u32>>());
}

/// This program again, for the test above, with threads of so large a stack that none can
/// be made.
#[cfg(target_os = "linux")]
#[test]
fn work_goes_on_where_no_thread_can_be_made() {
    let stack = usize::MAX / 4;
    let done = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "cores::everything_is_worked_on_and_stays_in_order",
        ])
        .env("RUST_MIN_STACK", stack.to_string())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(told.contains("1 passed"), "{told}");
}
