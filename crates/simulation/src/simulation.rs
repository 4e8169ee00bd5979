//! A run: a world, those who live in it, and what has to hold in the end.

use std::{fmt, rc::Rc};

use doorward_domain::mail::MailState;
use futures::future::join_all;
use time::Duration;

use crate::{
    executor::{Place, Stuck},
    journal::{Counts, Invariant, Violation},
    workload::{Device, Loot, Person, blow, steal},
    world::{Plan, World},
};

/// How many lines of the journal are shown where something did not hold.
const TAIL: usize = 120;
/// For how long mails may take to go out when nothing goes wrong any more: as long as a retry waits at most.
const LAST_MAILS: Duration = Duration::hours(3);

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Its journal.
    pub journal: Vec<String>,
    /// How often the server answered what.
    pub counts: Counts,
    /// What has gone wrong.
    pub faults: u64,
    /// Mails that were taken.
    pub mails: u64,
    /// Mails that were taken again.
    pub duplicates: u64,
}

/// What did not hold in a run, and how it came to that.
#[derive(Debug, Clone)]
pub struct Report {
    /// The run's seed.
    pub seed: u64,
    /// What did not hold.
    pub violation: Violation,
    /// The end of the journal.
    pub tail: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, violation, tail } = self;
        writeln!(f, "{}", tail.join("\n"))?;
        writeln!(f, "\nseed {seed} violates {violation}")?;
        write!(
            f,
            "again: DOORWARD_SIMULATION_SEED={seed} cargo test -p doorward-simulation --test simulation one_seed -- --nocapture"
        )
    }
}

/// Runs a seed.
///
/// # Errors
/// Something did not hold.
pub fn run(seed: u64, plan: Plan) -> Result<Summary, Box<Report>> {
    let world = World::new(seed, plan);
    world.start_workers();
    let enough = || world.journal.violation().is_some();
    if world.executor.run(live(world.clone()), enough) == Err(Stuck) {
        world.journal.violated(Invariant::GetsOn, "somebody waits for what never comes");
    }
    // What runs on knows the world, and the world knows it.
    world.executor.clear();
    match world.journal.violation() {
        Some(violation) => {
            Err(Box::new(Report { seed, violation, tail: world.journal.tail(TAIL) }))
        }
        None => Ok(Summary {
            journal: world.journal.tail(usize::MAX),
            counts: world.journal.counts(),
            faults: world.faults.count(),
            mails: world.ledger.deliveries(),
            duplicates: world.ledger.duplicates(),
        }),
    }
}

async fn live(world: Rc<World>) {
    world.executor.spawn(Place::Outside, blow(world.clone()));
    let devices = devices(&world);
    let things = 8 + world.chance.below(18);
    let lives = devices.iter().map(|device| device.live(things));
    join_all(lives).await;

    world.faults.end();
    world.journal.note(format_args!("from now on nothing goes wrong"));
    while world.executor.is_serving() {
        world.clock.sleep(Duration::MILLISECOND).await;
    }
    mails_go_out(&world).await;
    for device in &devices {
        device.comes_back().await;
        device.gets_in().await;
    }
}

/// Two to four people with a device or two each, and a thief.
fn devices(world: &Rc<World>) -> Vec<Device> {
    let loot = Rc::new(Loot::default());
    let mut devices = Vec::new();
    for number in 0..2 + world.chance.below(3) {
        let Ok(person) = Person::new(&format!("person{number}")) else { continue };
        for device in 0..=world.chance.below(2) {
            let name = format!("person{number}/{device}");
            devices.push(Device::new(name, world.clone(), person.clone(), loot.clone()));
        }
        if number == 0 {
            let times = world.chance.below(12);
            world
                .executor
                .spawn(Place::Outside, steal(world.clone(), person.clone(), loot.clone(), times));
        }
    }
    devices
}

/// Each mail that has to go out does, or it was given up for a reason that was judged when it was.
async fn mails_go_out(world: &World) {
    let mut waited = Duration::ZERO;
    let waiting = || {
        let outbox = world.history.state().outbox;
        outbox.rows().find(|mail| matches!(mail.state(), MailState::Waiting { .. })).cloned()
    };
    while let Some(mail) = waiting() {
        if waited > LAST_MAILS {
            let text = format!("mail {} never goes out", mail.entry.id);
            return world.journal.violated(Invariant::MailGoesOut, text);
        }
        world.clock.sleep(Duration::MINUTE).await;
        waited += Duration::MINUTE;
    }
}
