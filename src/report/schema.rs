//! The JSON Schemas (draft 2020-12) of what the machine-readable reports write, and of what adapters read and write.

/// A schema that comes with cogspec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Schema {
    /// The document of `--report json=FILE`.
    Run,
    /// A line of `--report ndjson=FILE`.
    Events,
    /// The document of `cogspec self-test --format json`.
    SelfTest,
    /// The document of `cogspec fuzz --format json`.
    Fuzz,
    /// The document of `cogspec snapshots status --format json`.
    Snapshots,
    /// A line of the file of `cogspec run --cassette FILE`.
    Cassette,
    /// The document of `cogspec diff --format json`.
    Diff,
    /// `cases.json` of `cogspec export`.
    ExportCases,
    /// `options.json` of `cogspec export`.
    ExportOptions,
    /// `responses.json` of `cogspec export`.
    ExportResponses,
    /// `rules.json` of `cogspec export`.
    ExportRules,
    /// `scenarios.json` of `cogspec export`.
    ExportScenarios,
    /// The document of `cogspec matrix --report json=FILE`.
    Matrix,
    /// A line that an adapter of a client reads or writes.
    Adapter,
    /// The document of `cogspec clients fuzz --format json`.
    ClientsFuzz,
}

impl Schema {
    /// Its text.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Schema::Run => include_str!("schema/run.schema.json"),
            Schema::Events => include_str!("schema/events.schema.json"),
            Schema::SelfTest => include_str!("schema/self-test.schema.json"),
            Schema::Fuzz => include_str!("schema/fuzz.schema.json"),
            Schema::Snapshots => include_str!("schema/snapshots.schema.json"),
            Schema::Diff => include_str!("schema/diff.schema.json"),
            Schema::Cassette => include_str!("schema/cassette.schema.json"),
            Schema::ExportCases => include_str!("schema/export-cases.schema.json"),
            Schema::ExportOptions => include_str!("schema/export-options.schema.json"),
            Schema::ExportResponses => include_str!("schema/export-responses.schema.json"),
            Schema::ExportRules => include_str!("schema/export-rules.schema.json"),
            Schema::ExportScenarios => include_str!("schema/export-scenarios.schema.json"),
            Schema::Matrix => include_str!("schema/matrix.schema.json"),
            Schema::Adapter => include_str!("schema/adapter.schema.json"),
            Schema::ClientsFuzz => include_str!("schema/clients-fuzz.schema.json"),
        }
    }
}
