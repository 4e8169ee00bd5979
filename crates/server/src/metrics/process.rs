//! The process, under the names that Prometheus clients give them. Only Linux tells.

use prometheus_client::registry::Registry;

#[cfg(target_os = "linux")]
pub(super) fn tell(registry: &mut Registry) {
    if let Err(error) = linux::tell(registry) {
        tracing::warn!(%error, "the metrics are told without the process");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn tell(_registry: &mut Registry) {}

#[cfg(target_os = "linux")]
mod linux {
    use procfs::{CurrentSI, KernelStats, ProcResult, WithCurrentSystemInfo, process::Process};
    use prometheus_client::{
        metrics::{counter::ConstCounter, gauge::ConstGauge},
        registry::Registry,
    };

    use super::super::whole;

    #[expect(clippy::cast_precision_loss, reason = "ticks since the start are far below 2^52")]
    fn seconds(ticks: u64) -> f64 {
        ticks as f64 / procfs::ticks_per_second() as f64
    }

    pub(super) fn tell(registry: &mut Registry) -> ProcResult<()> {
        let process = Process::myself()?;
        let stat = process.stat()?;
        let (cpu, memory) = (stat.utime + stat.stime, stat.rss_bytes().get());
        let booted = whole(KernelStats::current()?.btime);
        let started = seconds(stat.starttime) + booted as f64;
        let cpu = ConstCounter::new(seconds(cpu));
        registry.register("process_cpu_seconds", "Time on processors", cpu);
        let memory = ConstGauge::new(whole(memory));
        registry.register("process_resident_memory_bytes", "Memory in use", memory);
        let open = ConstGauge::new(whole(process.fd_count()?));
        registry.register("process_open_fds", "Open file descriptors", open);
        if let procfs::process::LimitValue::Value(most) =
            process.limits()?.max_open_files.soft_limit
        {
            let about = "The greatest number of open file descriptors";
            registry.register("process_max_fds", about, ConstGauge::new(whole(most)));
        }
        let about = "When the process started, in seconds since 1970";
        registry.register("process_start_time_seconds", about, ConstGauge::new(started));
        Ok(())
    }
}
