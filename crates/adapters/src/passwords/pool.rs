use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use argon2::Block;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::timeout,
};

use super::patience::nobody_waits;

/// The memory that one thread hashes in. It is kept from hash to hash: asking the system for it
/// anew costs a third of the time.
pub(super) struct Memory {
    kept: Vec<Block>,
    most: usize,
}

impl Memory {
    /// Keeps as many blocks as this at most, so that one costly hash does not hold its memory for good.
    pub(super) fn keeping(most: usize) -> Self {
        Self { kept: Vec::new(), most }
    }

    pub(super) fn lend<T>(&mut self, count: usize, hash: impl FnOnce(&mut [Block]) -> T) -> T {
        if count > self.most {
            return hash(&mut vec![Block::new(); count]);
        }
        if self.kept.len() < count {
            self.kept.resize(count, Block::new());
        }
        hash(self.kept.get_mut(..count).unwrap_or_default())
    }
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads that do nothing but hash, behind a queue of bounded length and bounded time.
#[derive(Debug)]
pub(super) struct HashPool {
    jobs: Sender<Job>,
    places: Arc<Semaphore>,
    size: usize,
    wait: Duration,
}

/// A place in the queue, which is left when the turn comes or the caller goes away, whichever is first.
#[derive(Clone)]
struct Place(Arc<Mutex<Option<OwnedSemaphorePermit>>>);

impl Place {
    fn take(places: &Arc<Semaphore>) -> Option<Self> {
        let permit = places.clone().try_acquire_owned().ok()?;
        Some(Self(Arc::new(Mutex::new(Some(permit)))))
    }

    fn leave(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

struct OnDrop(Place);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// The queue is full or too slow, or the threads are gone.
#[derive(Debug)]
pub(super) struct QueueFull;

impl HashPool {
    pub(super) fn start(
        threads: usize,
        queue: usize,
        wait: Duration,
        nice: i32,
        blocks: usize,
    ) -> std::io::Result<Self> {
        let (jobs, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 0..threads {
            let receiver = receiver.clone();
            thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work(&receiver, nice, Memory::keeping(blocks)))?;
        }
        Ok(Self { jobs, places: Arc::new(Semaphore::new(queue)), size: queue, wait })
    }

    /// Whether one more would be refused.
    pub(super) fn is_full(&self) -> bool {
        self.places.available_permits() == 0
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.size - self.places.available_permits().min(self.size)
    }

    /// Runs a job, unless the caller goes away or loses patience before its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, QueueFull> {
        let place = Place::take(&self.places).ok_or(QueueFull)?;
        let (answer, answered) = oneshot::channel();
        let queued = place.clone();
        let job = Box::new(move |memory: &mut Memory| {
            queued.leave();
            if !answer.is_closed() {
                // Nobody is left to hear it if this fails.
                let _ = answer.send(job(memory));
            }
        });
        self.jobs.send(job).map_err(|_| QueueFull)?;
        // Whoever leaves makes room at once, and not only when their turn comes.
        let _on_leaving = OnDrop(place);
        tokio::select! {
            answered = timeout(self.wait, answered) => {
                answered.map_err(|_late| QueueFull)?.map_err(|_gone| QueueFull)
            }
            () = nobody_waits() => Err(QueueFull),
        }
    }
}

fn work(receiver: &Mutex<Receiver<Job>>, nice: i32, mut memory: Memory) {
    lower_priority(nice);
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::passwords::Waiting;

    const LONG: Duration = Duration::from_secs(60);

    /// Keeps the one thread busy until the sender is dropped.
    fn block(pool: &Arc<HashPool>) -> Sender<()> {
        let (release, released) = channel::<()>();
        let (started, has_started) = channel();
        let pool = pool.clone();
        tokio::spawn(async move {
            let job = move |_: &mut Memory| {
                started.send(()).unwrap();
                let _ = released.recv();
            };
            pool.run(job).await.unwrap();
        });
        tokio::task::block_in_place(|| has_started.recv().unwrap());
        release
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn as_many_wait_as_there_are_places() {
        let pool = Arc::new(HashPool::start(1, 2, LONG, 0, 0).unwrap());
        let release = block(&pool);
        assert!(!pool.is_full(), "what runs does not wait");
        let mut waiting: Vec<_> = (0..2).map(|_| Box::pin(pool.run(|_| 7))).collect();
        for job in &mut waiting {
            assert!(futures::poll!(job).is_pending());
        }
        assert!(pool.is_full());
        assert!(pool.run(|_| 7).await.is_err());
        drop(release);
        for job in waiting {
            assert_eq!(job.await.unwrap(), 7);
        }
        assert!(!pool.is_full());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_goes_away_makes_room_at_once_and_is_not_worked_for() {
        let pool = Arc::new(HashPool::start(1, 1, LONG, 0, 0).unwrap());
        let release = block(&pool);
        let (waiting, gone) = Waiting::begin();
        let done = Arc::new(AtomicBool::new(false));
        let (queue, flag) = (pool.clone(), done.clone());
        let work = async move { queue.run(move |_| flag.store(true, Ordering::SeqCst)).await };
        let mut work = Box::pin(gone.ends_queueing(work));
        assert!(futures::poll!(&mut work).is_pending());
        assert!(pool.is_full());
        drop(waiting);
        assert!(work.await.is_err());
        assert!(!pool.is_full(), "while the thread is still at work");
        drop(release);
        assert_eq!(pool.run(|_| 7).await.unwrap(), 7);
        assert!(!done.load(Ordering::SeqCst));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_waits_too_long_and_what_was_given_up_is_not_done() {
        let pool = Arc::new(HashPool::start(1, 9, Duration::from_millis(1), 0, 0).unwrap());
        // Its own wait is over as well by then, which is of no matter to the thread.
        let (release, released) = channel::<()>();
        let blocking = pool.clone();
        let blocker =
            tokio::spawn(
                async move { blocking.run(move |_| released.recv().is_ok()).await.is_err() },
            );
        assert!(blocker.await.unwrap());
        assert!(pool.run(|_| ()).await.is_err());
        drop(release);
        // The thread goes on, and skips what nobody waits for.
        let patient = HashPool { wait: LONG, ..Arc::into_inner(pool).unwrap() };
        assert_eq!(patient.run(|_| 7).await.unwrap(), 7);
    }
}
