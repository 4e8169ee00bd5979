//! Measures how many passwords per second this machine can hash at the default cost with the bare library, for
//! comparison with the server's sign-ins per second in the same run.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "the output is read by users")]

use std::{
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use doorward_adapters::passwords::HashingOptions;

const TIME: Duration = Duration::from_secs(5);

fn main() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    for threads in 1..=cores {
        println!("argon2, {threads} threads: {:.1}/s", rate(threads));
    }
}

fn rate(threads: usize) -> f64 {
    let hashes = AtomicU32::new(0);
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| hash_until(began + TIME, &hashes));
        }
    });
    f64::from(hashes.load(Ordering::Relaxed)) / began.elapsed().as_secs_f64()
}

fn hash_until(end: Instant, hashes: &AtomicU32) {
    let HashingOptions { memory_kib, passes, .. } = HashingOptions::default();
    let params = Params::new(memory_kib, passes, 1, Some(32)).unwrap();
    let mut memory = vec![Block::new(); params.block_count()];
    let scheme = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    while Instant::now() < end {
        let mut output = [0; 32];
        let (password, salt) = (b"correct horse battery", [7; 16]);
        scheme.hash_password_into_with_memory(password, &salt, &mut output, &mut memory).unwrap();
        hashes.fetch_add(1, Ordering::Relaxed);
    }
}
