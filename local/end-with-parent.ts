// Loaded into each connector process ahead of its bundle: when the gateway is killed outright, and so cannot
// stop its connectors, they drain and end all the same. The channel alone does not keep a process running.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
