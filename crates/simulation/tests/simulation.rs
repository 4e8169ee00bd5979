//! Runs thousands of seeds, each with a different order of events and different faults.
//!
//! `DOORWARD_SIMULATION_SEED` is the seed that `one_seed` repeats. `DOORWARD_SIMULATION_SEEDS` is the number
//! of seeds for `many_seeds`. Use `scripts/simulate.sh` for long runs.
#![expect(clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

use std::time::Instant;

use doorward_simulation::{Plan, Summary, run};

/// The number of seeds that take a debug build about ten seconds.
const SEEDS: u64 = 1000;
/// How often each kind of response has to occur in them.
const OFTEN: u64 = 20;
/// The number of seeds between two reports of the progress.
const ROUND: u64 = 10_000;

fn number(variable: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "variables select a seed or a longer run")]
    std::env::var(variable).ok()?.parse().ok()
}

fn run_seed(seed: u64) -> Summary {
    run(seed, Plan::default()).unwrap_or_else(|report| panic!("{report}"))
}

fn add(total: &mut Summary, one: &Summary) {
    for (what, count) in &one.counts {
        *total.counts.entry(what).or_default() += count;
    }
    total.faults += one.faults;
    total.mails += one.mails;
    total.duplicates += one.duplicates;
}

#[test]
fn one_seed() {
    let seed = number("DOORWARD_SIMULATION_SEED").unwrap_or(1);
    let summary = run_seed(seed);
    println!("{}\n\n{:?}", summary.journal.join("\n"), summary.counts);
}

#[test]
fn many_seeds() {
    let seeds = number("DOORWARD_SIMULATION_SEEDS").unwrap_or(SEEDS);
    let (started, mut total) = (Instant::now(), Summary::default());
    for seed in 1..=seeds {
        add(&mut total, &run_seed(seed));
        if seed % ROUND == 0 || seed == seeds {
            let minutes = started.elapsed().as_secs_f64() / 60.0;
            let a_minute = seed as f64 / minutes;
            println!("{seed} of {seeds} seeds, {a_minute:.0} a minute, {total:?}");
        }
    }
    if seeds >= SEEDS {
        assert_every_response_kind_occurs(&total);
    }
}

/// Checks that every kind of response occurs, since a run without it would prove nothing about it.
fn assert_every_response_kind_occurs(total: &Summary) {
    for what in [
        "access token rejected",
        "address taken",
        "email changed",
        "email taken",
        "failure",
        "invited",
        "joined",
        "member removed",
        "new password",
        "organization created",
        "organization switched",
        "password reset",
        "refresh rejected",
        "refreshed",
        "registered by an invite",
        "replayed",
        "role changed",
        "signed in",
        "signed out",
        "verified",
        "wrong password",
    ] {
        let count = total.counts.get(what).copied().unwrap_or_default();
        assert!(count >= OFTEN, "{what}: {count} times");
    }
    assert!(total.faults > SEEDS && total.duplicates > OFTEN && total.mails > SEEDS, "{total:?}");
}

#[test]
fn seed_reproduces_the_same_run() {
    for seed in [1, 2, 3, 4, 790] {
        assert_eq!(run_seed(seed), run_seed(seed), "seed {seed}");
    }
    assert_ne!(run_seed(1), run_seed(2));
}
