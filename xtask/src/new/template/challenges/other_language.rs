#[test]
fn {{module}}_can_be_met_in_python() -> io::Result<()> {
    meets("{{challenge}}", "python3", "{{challenge}}.py")
}

