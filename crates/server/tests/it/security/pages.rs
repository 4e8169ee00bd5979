//! The tables of `tests/security`, and the pages generated from them.
//!
//! A test fails if a page differs from its table; `scripts/security.sh` regenerates the pages.

use std::{collections::BTreeSet, fmt::Write, fs, path::PathBuf};

use serde::{Deserialize, de::DeserializeOwned};

use crate::{architecture::sources, support::pages};

const VERDICTS: [&str; 5] = ["met", "partly", "not met", "operator", "not applicable"];

/// The evidence for a row: tests of this repository, and text about the rest.
#[derive(Debug, Deserialize)]
struct Evidence {
    #[serde(default)]
    tests: Vec<String>,
    /// Other evidence: a lint, a script, a page.
    by: Option<String>,
    /// Why the requirement is not met, only partly met, or not applicable.
    because: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Requirement {
    id: String,
    level: u8,
    asks: String,
    verdict: String,
    #[serde(flatten)]
    evidence: Evidence,
}

#[derive(Debug, Deserialize)]
struct Asvs {
    chapters: Vec<Chapter>,
    requirements: Vec<Requirement>,
}

#[derive(Debug, Deserialize)]
struct Chapter {
    number: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Regressions {
    regressions: Vec<Regression>,
}

#[derive(Debug, Deserialize)]
struct Regression {
    group: Option<String>,
    ids: String,
    product: String,
    cause: String,
    #[serde(flatten)]
    evidence: Evidence,
}

#[derive(Debug, Deserialize)]
struct Gates {
    gates: Vec<Gate>,
}

#[derive(Debug, Deserialize)]
struct Gate {
    gate: String,
    #[serde(flatten)]
    evidence: Evidence,
}

impl Evidence {
    /// Returns the text of a table cell.
    fn cell(&self) -> String {
        let tests: Vec<_> = self.tests.iter().map(|test| format!("`{test}`")).collect();
        let words = [self.by.as_deref(), self.because.as_deref()].into_iter().flatten();
        let parts = Some(tests.join(", ")).filter(|tests| !tests.is_empty()).into_iter();
        parts.chain(words.map(str::to_owned)).collect::<Vec<_>>().join("; ")
    }
}

fn here(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn table<T: DeserializeOwned>(name: &str) -> T {
    let text = fs::read_to_string(here(&format!("tests/security/{name}.toml"))).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[track_caller]
fn assert_page(page: &str, expected: &str) {
    pages::assert_page(page, expected, "scripts/security.sh");
}

fn chapter(requirement: &Requirement) -> &str {
    requirement.id.split('.').next().unwrap()
}

/// Returns the number of requirements with a verdict, for one level or all.
fn count(requirements: &[Requirement], level: Option<u8>, verdict: Option<&str>) -> usize {
    let of_level = requirements.iter().filter(|it| level.is_none_or(|level| it.level == level));
    of_level.filter(|it| verdict.is_none_or(|verdict| it.verdict == verdict)).count()
}

/// Returns the number of requirements that this server can meet: all except those that do not apply or are the
/// operator's.
fn ours(requirements: &[Requirement], level: u8) -> usize {
    ["met", "partly", "not met"]
        .map(|verdict| count(requirements, Some(level), Some(verdict)))
        .iter()
        .sum()
}

fn asvs_page(asvs: &Asvs) -> String {
    let all = &asvs.requirements;
    let mut page = String::from(
        "<!-- Generated from crates/server/tests/security/asvs.toml by scripts/security.sh. -->\n\
         # OWASP ASVS 5.0.0, requirement by requirement\n\n\
         Numbers and levels are from the OWASP Application Security Verification Standard 5.0.0 (CC BY-SA 4.0). The \
         requirements are paraphrased; the standard is authoritative. *Met* means that the named tests, or the evidence \
         beside them, show it. *Operator* means that the deployment is responsible. This is a self-assessment, not a \
         certification.\n\n",
    );
    let levels: Vec<String> = (1..=3)
        .map(|level| {
            let met = count(all, Some(level), Some("met"));
            format!("level {level}: {met} of {} met", ours(all, level))
        })
        .collect();
    writeln!(page, "Of the requirements that apply to this server, {}.\n", levels.join(", "))
        .unwrap();
    writeln!(page, "| level | {} | all |", VERDICTS.join(" | ")).unwrap();
    writeln!(page, "|---|{}", "---|".repeat(VERDICTS.len() + 1)).unwrap();
    for (name, level) in [("1", Some(1)), ("2", Some(2)), ("3", Some(3)), ("all", None)] {
        let counts = VERDICTS.map(|verdict| count(all, level, Some(verdict)).to_string());
        let sum = count(all, level, None);
        writeln!(page, "| {name} | {} | {sum} |", counts.join(" | ")).unwrap();
    }
    for Chapter { number, name } in &asvs.chapters {
        writeln!(page, "\n## V{number} {name}").unwrap();
        writeln!(page, "| no. | level | requirement | verdict | evidence or reason |").unwrap();
        writeln!(page, "|---|---|---|---|---|").unwrap();
        for it in all.iter().filter(|it| chapter(it) == number) {
            let cell = it.evidence.cell();
            let Requirement { id, level, asks, verdict, .. } = it;
            writeln!(page, "| {id} | {level} | {asks} | {verdict} | {cell} |").unwrap();
        }
    }
    page
}

fn regressions_page(regressions: &[Regression]) -> String {
    let mut page = String::from(
        "<!-- Generated from crates/server/tests/security/regressions.toml by scripts/security.sh. -->\n\
        # Vulnerabilities of other products\n\n\
        Advisories for other authentication servers and for libraries, with the evidence that Doorward is not affected. \
        Causes are summarized; see the advisory for details.\n",
    );
    for (at, regression) in regressions.iter().enumerate() {
        if let Some(group) = &regression.group {
            writeln!(page, "\n## {group}").unwrap();
            writeln!(page, "| | advisory | product | cause | evidence or reason |").unwrap();
            writeln!(page, "|---|---|---|---|---|").unwrap();
        }
        let Regression { ids, product, cause, evidence, .. } = regression;
        let cell = evidence.cell();
        writeln!(page, "| {} | {ids} | {product} | {cause} | {cell} |", at + 1).unwrap();
    }
    page
}

const GATES_BEGIN: &str =
    "<!-- Generated from crates/server/tests/security/gates.toml by scripts/security.sh. -->\n";
const GATES_END: &str = "<!-- End of the generated section. -->\n";

fn gates_section(gates: &[Gate]) -> String {
    let mut section = String::from("| | required for a release | tests |\n|---|---|---|\n");
    for (at, Gate { gate, evidence }) in gates.iter().enumerate() {
        writeln!(section, "| {} | {gate} | {} |", at + 1, evidence.cell()).unwrap();
    }
    section
}

#[test]
fn asvs_page_is_up_to_date() {
    assert_page("evidence/asvs.md", &asvs_page(&table("asvs")));
}

#[test]
fn regressions_page_is_up_to_date() {
    let Regressions { regressions } = table("regressions");
    assert_page("evidence/regressions.md", &regressions_page(&regressions));
}

#[test]
fn gates_on_the_security_page_are_up_to_date() {
    let page = fs::read_to_string(here("../../docs/evidence/security.md")).unwrap();
    let (before, rest) = page.split_once(GATES_BEGIN).unwrap();
    let (_, after) = rest.split_once(GATES_END).unwrap();
    let section = gates_section(&table::<Gates>("gates").gates);
    assert_page(
        "evidence/security.md",
        &format!("{before}{GATES_BEGIN}{section}{GATES_END}{after}"),
    );
}

#[test]
fn every_requirement_has_a_verdict_and_a_reason() {
    let Asvs { chapters, requirements } = table("asvs");
    let ids: BTreeSet<_> = requirements.iter().map(|it| &it.id).collect();
    assert_eq!((requirements.len(), ids.len()), (345, 345));
    assert_eq!([1, 2, 3].map(|level| count(&requirements, Some(level), None)), [70, 183, 92]);
    for it in &requirements {
        assert!(VERDICTS.contains(&it.verdict.as_str()), "{}: {}", it.id, it.verdict);
        assert!(chapters.iter().any(|known| known.number == chapter(it)), "{}", it.id);
        let Evidence { tests, by, because } = &it.evidence;
        if it.verdict == "met" {
            assert!(!tests.is_empty() || by.is_some(), "{}: no evidence", it.id);
        } else {
            assert!(because.is_some(), "{}: {} without a reason", it.id, it.verdict);
        }
    }
    let Regressions { regressions } = table("regressions");
    assert_eq!(regressions.len(), 121);
    assert!(regressions.iter().all(|it| !it.evidence.cell().is_empty()));
    let Gates { gates } = table("gates");
    assert_eq!(gates.len(), 25);
    for gate in &gates {
        assert!(!gate.evidence.tests.is_empty(), "{}", gate.gate);
    }
}

#[test]
fn every_test_named_in_a_table_exists() {
    let sources = sources();
    let (Asvs { requirements, .. }, Regressions { regressions }, Gates { gates }) =
        (table("asvs"), table("regressions"), table("gates"));
    let named = requirements.iter().map(|it| &it.evidence);
    let named = named.chain(regressions.iter().map(|it| &it.evidence));
    let named = named.chain(gates.iter().map(|it| &it.evidence));
    let missing: BTreeSet<_> = named
        .flat_map(|evidence| &evidence.tests)
        .filter(|test| !sources.contains(&format!("fn {test}(")))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
