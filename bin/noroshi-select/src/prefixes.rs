//! `prefixes build|lookup`: from published lists to the table that decides directions.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use select::prefixes::{Builder, Format, Place, PrefixTable, Purpose};
use serde_json::json;

use crate::files::{read_text, write_new};
use crate::report::{Report, Verdict};

#[derive(Subcommand)]
pub(crate) enum PrefixesCommand {
    /// Build a table from published lists.
    Build(BuildArgs),
    /// Say where addresses belong by a table.
    Lookup {
        /// Table made by `prefixes build`.
        table: PathBuf,
        /// Addresses.
        #[arg(required = true)]
        addresses: Vec<IpAddr>,
    },
}

#[derive(Args)]
pub(crate) struct BuildArgs {
    /// Lists, all of one form.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How the lists are written.
    #[arg(long, value_enum)]
    from: ListForm,
    /// Code of the country, as the lists write it.
    #[arg(long, default_value = "JP")]
    country: String,
    /// The day the lists were made, YYYY-MM-DD.
    #[arg(long)]
    date: String,
    /// Name and version of the lists.
    #[arg(long)]
    source: String,
    /// A table for exercises, which may sort the addresses set aside for documentation.
    #[arg(long)]
    exercise: bool,
    /// File to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum ListForm {
    /// Delegated files of the regional registries.
    Delegated,
    /// Debian's tor-geoipdb.
    Tor,
    /// `FIRST,LAST,CC` or `PREFIX,CC`.
    Csv,
}

pub(crate) fn prefixes(command: &PrefixesCommand) -> anyhow::Result<Report> {
    match command {
        PrefixesCommand::Build(args) => build(args),
        PrefixesCommand::Lookup { table, addresses } => {
            let table = PrefixTable::parse(&read_text(table)?)?;
            let mut report = Report::new(Verdict::Done);
            let mut facts = Vec::new();
            for address in addresses {
                let place = match table.place(*address) {
                    Place::Domestic => "domestic",
                    Place::Foreign => "foreign",
                    Place::Undetermined => "undetermined",
                };
                report.line(format!("{address}  {place}"));
                facts.push(json!({"address": address, "place": place}));
            }
            report.fact("addresses", json!(facts));
            report.fact("table", json!(table.digest()));
            Ok(report)
        }
    }
}

fn build(args: &BuildArgs) -> anyhow::Result<Report> {
    let form = match args.from {
        ListForm::Delegated => Format::Delegated,
        ListForm::Tor => Format::Tor,
        ListForm::Csv => Format::Csv,
    };
    let purpose = if args.exercise {
        Purpose::Exercise
    } else {
        Purpose::Operation
    };
    let mut builder = Builder::new(purpose, &args.country);
    for file in &args.files {
        builder.add(form, &read_text(file)?)?;
    }
    let text = builder.finish(&args.date, &args.source)?;
    let table = PrefixTable::parse(&text)?;
    write_new(&args.out, text.as_bytes())?;
    let mut report = Report::new(Verdict::Done);
    report.both("digest", "digest", table.digest());
    report.both("file_bytes", "file, bytes", text.len());
    Ok(report)
}
