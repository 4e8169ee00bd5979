use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use argon2::Block;
use tokio::sync::oneshot;

/// The memory that one thread hashes in. It is kept from hash to hash: asking the system for it
/// anew costs a third of the time.
#[derive(Default)]
pub(super) struct Memory {
    blocks: Vec<Block>,
}

impl Memory {
    pub(super) fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.blocks.len() < count {
            self.blocks.resize(count, Block::new());
        }
        self.blocks.get_mut(..count).unwrap_or_default()
    }
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads that do nothing but hash, behind a queue of bounded length.
#[derive(Debug)]
pub(super) struct HashPool {
    queue: SyncSender<Job>,
}

/// The queue is full, or the threads are gone.
#[derive(Debug)]
pub(super) struct QueueFull;

impl HashPool {
    pub(super) fn start(threads: usize, queue: usize, nice: i32) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(queue);
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 0..threads {
            let receiver = receiver.clone();
            thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work(&receiver, nice))?;
        }
        Ok(Self { queue: sender })
    }

    /// Runs a job, unless the caller goes away before its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, QueueFull> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |memory: &mut Memory| {
            if !answer.is_closed() {
                // Nobody is left to hear it if this fails.
                let _ = answer.send(job(memory));
            }
        });
        self.queue.try_send(job).map_err(|_| QueueFull)?;
        answered.await.map_err(|_| QueueFull)
    }
}

fn work(receiver: &Mutex<Receiver<Job>>, nice: i32) {
    lower_priority(nice);
    let mut memory = Memory::default();
    loop {
        let job = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(&mut memory),
            Err(_) => return,
        }
    }
}

/// Lets everything else go first. Only on Linux is this the matter of a thread and not of the process.
#[cfg(target_os = "linux")]
fn lower_priority(nice: i32) {
    let thread = rustix::thread::gettid();
    if let Err(error) = rustix::process::setpriority_process(Some(thread), nice) {
        tracing::debug!(%error, "the hashing threads keep the normal priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority(_nice: i32) {}
