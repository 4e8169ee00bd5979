use std::rc::Rc;

use time::Duration;

use crate::world::World;

/// By how much the clock is set forward at most, in seconds.
const FORWARD: u64 = 3600;
/// By how much the clock is set back at most, in seconds, and how often in a run.
const BACK: u64 = 5;
const TIMES_BACK: u32 = 10;

/// Kills the server and sets the clock at the rates of the run.
pub async fn blow(world: Rc<World>) {
    let mut times_back = 0;
    loop {
        world.clock.sleep(Duration::milliseconds(world.chance.below(4000).cast_signed())).await;
        if world.faults.strikes(|rates| rates.crash) {
            world.crash();
        }
        if world.faults.strikes(|rates| rates.clock_set) {
            let seconds = match world.chance.below(3) {
                0 if times_back < TIMES_BACK => {
                    times_back += 1;
                    -world.chance.below(BACK).cast_signed()
                }
                1 => world.chance.below(FORWARD).cast_signed(),
                _ => world.chance.below(90).cast_signed(),
            };
            world.journal.note(format_args!("the clock is set by {seconds} s"));
            world.clock.set(Duration::seconds(seconds));
        }
    }
}
