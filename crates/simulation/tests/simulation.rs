//! Thousands of runs, each of them another order of things with other faults.
//!
//! `DOORWARD_SIMULATION_SEED` is the seed that `one_seed` repeats, `DOORWARD_SIMULATION_SEEDS` how many there are for
//! `many_seeds`; `scripts/simulate.sh` is for long runs.
#![expect(clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

use std::time::Instant;

use doorward_simulation::{Plan, Summary, run};

/// As many as take a debug build ten seconds or so.
const SEEDS: u64 = 1000;
/// How often each thing has to happen in them.
const OFTEN: u64 = 20;
/// How many seeds it takes to tell how far one is.
const ROUND: u64 = 10_000;

fn number(variable: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "it is for whoever repeats or prolongs a run")]
    std::env::var(variable).ok()?.parse().ok()
}

fn is_run(seed: u64) -> Summary {
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
    let summary = is_run(seed);
    println!("{}\n\n{:?}", summary.journal.join("\n"), summary.counts);
}

#[test]
fn many_seeds() {
    let seeds = number("DOORWARD_SIMULATION_SEEDS").unwrap_or(SEEDS);
    let (started, mut total) = (Instant::now(), Summary::default());
    for seed in 1..=seeds {
        add(&mut total, &is_run(seed));
        if seed % ROUND == 0 || seed == seeds {
            let minutes = started.elapsed().as_secs_f64() / 60.0;
            let a_minute = seed as f64 / minutes;
            println!("{seed} of {seeds} seeds, {a_minute:.0} a minute, {total:?}");
        }
    }
    if seeds >= SEEDS {
        assert_everything_happens(&total);
    }
}

/// Nothing is shown of what no run comes to.
fn assert_everything_happens(total: &Summary) {
    for what in [
        "access token refused",
        "address taken",
        "email changed",
        "email taken",
        "failure",
        "invited",
        "joined",
        "member removed",
        "new password",
        "organisation made",
        "organisation switched",
        "password reset",
        "refresh refused",
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
fn a_seed_is_the_same_run_each_time() {
    for seed in [1, 2, 3, 4, 790] {
        assert_eq!(is_run(seed), is_run(seed), "seed {seed}");
    }
    assert_ne!(is_run(1), is_run(2));
}
