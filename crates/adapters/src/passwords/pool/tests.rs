use std::sync::atomic::AtomicBool;

use super::*;
use crate::passwords::CallerGuard;

const LONG: Duration = Duration::from_secs(60);
const RECOGNIZED: Priority = Priority::Recognized;
const UNRECOGNIZED: Priority = Priority::Unrecognized;

/// Keeps the only thread busy until the sender is dropped.
fn block(pool: &Arc<HashPool>) -> Sender<()> {
    let (release, released) = channel::<()>();
    let (started, has_started) = channel();
    let pool = pool.clone();
    tokio::spawn(async move {
        let job = move |_: &mut Memory| {
            started.send(()).unwrap();
            let _ = released.recv();
        };
        pool.run(RECOGNIZED, job).await.unwrap();
    });
    tokio::task::block_in_place(|| has_started.recv().unwrap());
    release
}

#[tokio::test(flavor = "multi_thread")]
async fn queue_accepts_as_many_jobs_as_it_has_places() {
    let pool = Arc::new(HashPool::start(1, 2, LONG, 0, 0).unwrap());
    let release = block(&pool);
    assert!(!pool.is_full(RECOGNIZED), "a running job takes no place");
    let mut waiting: Vec<_> = (0..2).map(|_| Box::pin(pool.run(RECOGNIZED, |_| 7))).collect();
    for job in &mut waiting {
        assert!(futures::poll!(job).is_pending());
    }
    assert!(pool.is_full(RECOGNIZED));
    assert!(pool.run(RECOGNIZED, |_| 7).await.is_err());
    drop(release);
    for job in waiting {
        assert_eq!(job.await.unwrap(), 7);
    }
    assert!(!pool.is_full(RECOGNIZED));
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_reserved_for_recognized_clients() {
    assert_eq!([1, 2, 4, 8, 16, 256].map(unrecognized_places), [1, 1, 3, 7, 14, 224]);
    let pool = Arc::new(HashPool::start(1, 4, LONG, 0, 0).unwrap());
    let release = block(&pool);
    let mut flood: Vec<_> = (0..3).map(|_| Box::pin(pool.run(UNRECOGNIZED, |_| 7))).collect();
    for job in &mut flood {
        assert!(futures::poll!(job).is_pending());
    }
    assert!(pool.is_full(UNRECOGNIZED) && !pool.is_full(RECOGNIZED));
    assert!(pool.run(UNRECOGNIZED, |_| 7).await.is_err());
    let mut known: Vec<_> = (0..1).map(|_| Box::pin(pool.run(RECOGNIZED, |_| 7))).collect();
    for job in &mut known {
        assert!(futures::poll!(job).is_pending());
    }
    assert!(pool.is_full(RECOGNIZED));
    drop(flood);
    assert!(!pool.is_full(UNRECOGNIZED), "a dropped caller releases its place");
    drop(release);
    for job in known {
        assert_eq!(job.await.unwrap(), 7);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recognized_client_is_served_before_earlier_unrecognized_ones() {
    let pool = Arc::new(HashPool::start(1, 4, LONG, 0, 0).unwrap());
    let release = block(&pool);
    let order = Arc::new(Mutex::new(Vec::new()));
    let job = |priority| {
        let order = order.clone();
        Box::pin(pool.run(priority, move |_| lock(&order).push(priority)))
    };
    let mut jobs = [UNRECOGNIZED, UNRECOGNIZED, RECOGNIZED].map(job);
    for job in &mut jobs {
        assert!(futures::poll!(job).is_pending());
    }
    drop(release);
    futures::future::join_all(jobs).await;
    assert_eq!(*lock(&order), [RECOGNIZED, UNRECOGNIZED, UNRECOGNIZED]);
}

/// Of a flood of recognized clients, three are served for each unrecognized one that waits.
#[tokio::test(flavor = "multi_thread")]
async fn every_fourth_turn_serves_an_unrecognized_client_during_a_flood_of_recognized_ones() {
    let pool = Arc::new(HashPool::start(1, 32, LONG, 0, 0).unwrap());
    let release = block(&pool);
    let order = Arc::new(Mutex::new(String::new()));
    let job = |priority| {
        let (order, letter) = (order.clone(), if priority == RECOGNIZED { 'r' } else { 'u' });
        Box::pin(pool.run(priority, move |_| lock(&order).push(letter)))
    };
    let mut jobs: Vec<_> = [RECOGNIZED; 9].into_iter().chain([UNRECOGNIZED; 4]).map(job).collect();
    for job in &mut jobs {
        assert!(futures::poll!(job).is_pending());
    }
    // A client that has gone takes no turn of the others.
    drop(jobs.remove(9));
    drop(release);
    futures::future::join_all(jobs).await;
    // The job that kept the thread busy was the first recognized one.
    assert_eq!(*lock(&order), "rrurrrurrrur");
}

#[tokio::test(flavor = "multi_thread")]
async fn recognized_clients_leave_places_to_unrecognized_ones() {
    assert_eq!([1, 2, 4, 8, 16, 256].map(recognized_places), [1, 2, 4, 7, 14, 224]);
    let pool = Arc::new(HashPool::start(1, 8, LONG, 0, 0).unwrap());
    let release = block(&pool);
    let mut flood: Vec<_> = (0..7).map(|_| Box::pin(pool.run(RECOGNIZED, |_| 7))).collect();
    for job in &mut flood {
        assert!(futures::poll!(job).is_pending());
    }
    assert!(pool.is_full(RECOGNIZED) && !pool.is_full(UNRECOGNIZED));
    assert!(pool.run(RECOGNIZED, |_| 7).await.is_err());
    let mut unrecognized = Box::pin(pool.run(UNRECOGNIZED, |_| 7));
    assert!(futures::poll!(&mut unrecognized).is_pending());
    drop(release);
    assert_eq!(unrecognized.await.unwrap(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_caller_frees_its_place_and_its_job_is_skipped() {
    let pool = Arc::new(HashPool::start(1, 1, LONG, 0, 0).unwrap());
    let release = block(&pool);
    let (waiting, gone) = CallerGuard::new_pair();
    let done = Arc::new(AtomicBool::new(false));
    let (queue, flag) = (pool.clone(), done.clone());
    let work =
        async move { queue.run(RECOGNIZED, move |_| flag.store(true, Ordering::SeqCst)).await };
    let mut work = Box::pin(gone.cancel_queued_on_drop(work));
    assert!(futures::poll!(&mut work).is_pending());
    assert!(pool.is_full(RECOGNIZED));
    drop(waiting);
    assert!(work.await.is_err());
    assert!(!pool.is_full(RECOGNIZED), "while the thread is still at work");
    drop(release);
    assert_eq!(pool.run(RECOGNIZED, |_| 7).await.unwrap(), 7);
    assert!(!done.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn job_that_waited_too_long_is_rejected_and_not_run() {
    let pool = Arc::new(HashPool::start(1, 9, LONG, 0, 0).unwrap());
    let release = block(&pool);
    let impatient = HashPool {
        arrivals: pool.arrivals.clone(),
        waiting: pool.waiting.clone(),
        places: pool.places.clone(),
        places_of: pool.places_of.clone(),
        size: pool.size,
        wait: Duration::from_millis(1),
        busy: pool.busy.clone(),
        observer: None,
    };
    let done = Arc::new(AtomicBool::new(false));
    let flag = done.clone();
    assert!(impatient.run(RECOGNIZED, move |_| flag.store(true, Ordering::SeqCst)).await.is_err());
    assert_eq!(pool.waiting(), 0, "the job has left the queue");
    drop(release);
    // The thread continues, and skips jobs whose caller was dropped.
    assert_eq!(pool.run(RECOGNIZED, |_| 7).await.unwrap(), 7);
    assert!(!done.load(Ordering::SeqCst));
}

/// What a pool reported.
#[derive(Debug, Default)]
struct Heard {
    hashes: Mutex<Vec<(Duration, Duration)>>,
    rejected: Mutex<Vec<HashRejection>>,
}

impl HashMetrics for Heard {
    fn hashed(&self, waited: Duration, took: Duration) {
        self.hashes.lock().unwrap().push((waited, took));
    }

    fn rejected(&self, why: HashRejection) {
        self.rejected.lock().unwrap().push(why);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn observer_receives_waits_durations_and_rejections() {
    let heard = Arc::new(Heard::default());
    let pool = HashPool::start(1, 1, LONG, 0, 0).unwrap().observed_by(heard.clone());
    let pool = Arc::new(pool);
    let release = block(&pool);
    assert_eq!(pool.busy(), 1);
    let mut waiting = Box::pin(pool.run(RECOGNIZED, |_| thread::sleep(Duration::from_millis(20))));
    assert!(futures::poll!(&mut waiting).is_pending());
    assert!(pool.run(RECOGNIZED, |_| 7).await.is_err());
    thread::sleep(Duration::from_millis(30));
    drop(release);
    waiting.await.unwrap();
    assert_eq!(*heard.rejected.lock().unwrap(), [HashRejection::QueueFull]);
    let hashes = heard.hashes.lock().unwrap();
    let [(first, held), (waited, took)] = hashes[..] else { panic!("{hashes:?}") };
    assert!(first < held, "the job was delayed, and did not wait: {hashes:?}");
    assert!(waited >= Duration::from_millis(30) && took >= Duration::from_millis(20), "{hashes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn started_job_runs_to_completion() {
    let pool = HashPool::start(1, 9, Duration::from_secs(5), 0, 0).unwrap();
    let impatient = HashPool { wait: Duration::from_millis(50), ..pool };
    let slow = |_: &mut Memory| thread::sleep(Duration::from_millis(120));
    assert!(impatient.run(RECOGNIZED, slow).await.is_ok());
}
