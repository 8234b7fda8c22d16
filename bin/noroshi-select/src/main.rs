#![doc = include_str!("../README.md")]

use std::process::ExitCode;

use noroshi_select::Program;

fn main() -> ExitCode {
    Program::released().main()
}
