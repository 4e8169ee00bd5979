//! The tables of `tests/security`, and the pages that are made of them.
//!
//! A test fails when a page differs from its table; `scripts/security.sh` writes the pages anew.

use std::{collections::BTreeSet, fmt::Write, fs, path::PathBuf};

use serde::{Deserialize, de::DeserializeOwned};

use crate::{architecture::sources, support::pages};

const VERDICTS: [&str; 5] = ["met", "partly", "not met", "operator", "not applicable"];

/// What shows something: tests of this repository, and words about the rest.
#[derive(Debug, Deserialize)]
struct Evidence {
    #[serde(default)]
    tests: Vec<String>,
    /// What shows it otherwise: a lint, a script, a page.
    by: Option<String>,
    /// Why it is not so, or only in part, or can't be so.
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
    /// A cell of a table.
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

/// How many have a verdict, of a level or of all.
fn count(requirements: &[Requirement], level: Option<u8>, verdict: Option<&str>) -> usize {
    let of_level = requirements.iter().filter(|it| level.is_none_or(|level| it.level == level));
    of_level.filter(|it| verdict.is_none_or(|verdict| it.verdict == verdict)).count()
}

/// What this server has a part in: all but what does not apply and what is the operator's.
fn ours(requirements: &[Requirement], level: u8) -> usize {
    ["met", "partly", "not met"]
        .map(|verdict| count(requirements, Some(level), Some(verdict)))
        .iter()
        .sum()
}

fn asvs_page(asvs: &Asvs) -> String {
    let all = &asvs.requirements;
    let mut page = String::from(
        "<!-- Made of crates/server/tests/security/asvs.toml by scripts/security.sh. -->\n\
         # OWASP ASVS 5.0.0, requirement by requirement\n\n\
         The numbers and levels are those of the Application Security Verification Standard 5.0.0 of OWASP (CC BY-SA 4.0); \
         what a requirement asks is said in our words, so read the standard where it matters. *Met* means that the named \
         tests show it, or what is said beside them does. *Operator* is what a deployment has to see to. Nobody has \
         certified any of this.\n\n",
    );
    let levels: Vec<String> = (1..=3)
        .map(|level| {
            let met = count(all, Some(level), Some("met"));
            format!("level {level}: {met} of {} met", ours(all, level))
        })
        .collect();
    writeln!(page, "Of what is this server's part, {}.\n", levels.join(", ")).unwrap();
    writeln!(page, "| level | {} | all |", VERDICTS.join(" | ")).unwrap();
    writeln!(page, "|---|{}", "---|".repeat(VERDICTS.len() + 1)).unwrap();
    for (name, level) in [("1", Some(1)), ("2", Some(2)), ("3", Some(3)), ("all", None)] {
        let counts = VERDICTS.map(|verdict| count(all, level, Some(verdict)).to_string());
        let sum = count(all, level, None);
        writeln!(page, "| {name} | {} | {sum} |", counts.join(" | ")).unwrap();
    }
    for Chapter { number, name } in &asvs.chapters {
        writeln!(page, "\n## V{number} {name}").unwrap();
        writeln!(page, "| no. | level | asks | verdict | shown by, or why |").unwrap();
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
        "<!-- Made of crates/server/tests/security/regressions.toml by scripts/security.sh. -->\n\
         # What has gone wrong elsewhere\n\n\
         Advisories on other authentication servers and on libraries, with what shows that it does not happen here. Causes \
         are given in a few words; the advisory has the whole of it.\n",
    );
    for (at, regression) in regressions.iter().enumerate() {
        if let Some(group) = &regression.group {
            writeln!(page, "\n## {group}").unwrap();
            writeln!(page, "| | advisory | product | cause | shown by, or why not here |").unwrap();
            writeln!(page, "|---|---|---|---|---|").unwrap();
        }
        let Regression { ids, product, cause, evidence, .. } = regression;
        let cell = evidence.cell();
        writeln!(page, "| {} | {ids} | {product} | {cause} | {cell} |", at + 1).unwrap();
    }
    page
}

const GATES_BEGIN: &str =
    "<!-- Made of crates/server/tests/security/gates.toml by scripts/security.sh. -->\n";
const GATES_END: &str = "<!-- Up to here. -->\n";

fn gates_section(gates: &[Gate]) -> String {
    let mut section = String::from("| | no release without | tests |\n|---|---|---|\n");
    for (at, Gate { gate, evidence }) in gates.iter().enumerate() {
        writeln!(section, "| {} | {gate} | {} |", at + 1, evidence.cell()).unwrap();
    }
    section
}

#[test]
fn the_page_of_asvs_is_the_generated_one() {
    assert_page("security/asvs.md", &asvs_page(&table("asvs")));
}

#[test]
fn the_page_of_regressions_is_the_generated_one() {
    let Regressions { regressions } = table("regressions");
    assert_page("security/regressions.md", &regressions_page(&regressions));
}

#[test]
fn the_gates_of_the_page_on_security_are_the_generated_ones() {
    let page = fs::read_to_string(here("../../docs/security.md")).unwrap();
    let (before, rest) = page.split_once(GATES_BEGIN).unwrap();
    let (_, after) = rest.split_once(GATES_END).unwrap();
    let section = gates_section(&table::<Gates>("gates").gates);
    assert_page("security.md", &format!("{before}{GATES_BEGIN}{section}{GATES_END}{after}"));
}

#[test]
fn every_requirement_is_judged_and_every_verdict_has_its_reason() {
    let Asvs { chapters, requirements } = table("asvs");
    let ids: BTreeSet<_> = requirements.iter().map(|it| &it.id).collect();
    assert_eq!((requirements.len(), ids.len()), (345, 345));
    assert_eq!([1, 2, 3].map(|level| count(&requirements, Some(level), None)), [70, 183, 92]);
    for it in &requirements {
        assert!(VERDICTS.contains(&it.verdict.as_str()), "{}: {}", it.id, it.verdict);
        assert!(chapters.iter().any(|known| known.number == chapter(it)), "{}", it.id);
        let Evidence { tests, by, because } = &it.evidence;
        if it.verdict == "met" {
            assert!(!tests.is_empty() || by.is_some(), "{}: nothing shows it", it.id);
        } else {
            assert!(because.is_some(), "{}: {} without a reason", it.id, it.verdict);
        }
    }
    let Regressions { regressions } = table("regressions");
    assert_eq!(regressions.len(), 116);
    assert!(regressions.iter().all(|it| !it.evidence.cell().is_empty()));
    let Gates { gates } = table("gates");
    assert_eq!(gates.len(), 25);
    for gate in &gates {
        assert!(!gate.evidence.tests.is_empty(), "{}", gate.gate);
    }
}

#[test]
fn every_test_that_a_table_names_is_there() {
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
