/** A Slurm cluster of one node, on loopback. */
export interface Cluster extends AsyncDisposable {
  /** What Slurm's commands need in their environment. */
  readonly env: Record<string, string>;
}

/** Whether Slurm and munge are installed and may be started. */
export const slurmIsRequired = Deno.env.get("DUPBENCH_REQUIRE_SLURM") === "1";

/**
 * Starts munged, slurmctld and slurmd with a configuration of their own in
 * `folder`, independent of any that the machine has. Needs root, as slurmd does.
 * They end when the cluster is disposed of.
 *
 * @throws {Error} If the node is not idle after 30 s, with what the daemons
 * wrote.
 */
export async function startCluster(folder: string): Promise<Cluster> {
  await Deno.chmod(folder, 0o755);
  for (const name of ["munge", "state", "spool"]) {
    await Deno.mkdir(`${folder}/${name}`);
  }
  const at = (name: string) => `${folder}/${name}`;
  await Deno.writeFile(
    at("munge/key"),
    crypto.getRandomValues(new Uint8Array(1024)),
    { mode: 0o400 },
  );
  const socket = at("munge/socket");
  // Ports of its own, so that a running Slurm is left alone.
  const port = 20000 + crypto.getRandomValues(new Uint16Array(1))[0]! % 10000;
  await Deno.writeTextFile(
    at("slurm.conf"),
    `ClusterName=dupbench
SlurmctldHost=${Deno.hostname()}(127.0.0.1)
SlurmctldPort=${port}
SlurmdPort=${port + 1}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
AuthInfo=socket=${socket},cred_expire=5
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool")}
SlurmctldPidFile=${at("slurmctld.pid")}
SlurmdPidFile=${at("slurmd.pid")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
# The node declares more than the machine has; its tasks need little.
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
KillWait=5
NodeName=${Deno.hostname()} NodeAddr=127.0.0.1 CPUs=8 RealMemory=32000
PartitionName=all Nodes=ALL Default=YES State=UP
`,
  );
  const env = { SLURM_CONF: at("slurm.conf") };
  const daemons: Deno.ChildProcess[] = [];
  const start = (name: string, command: string, args: string[]) => {
    const log = at(`${name}.out`);
    // Through a shell for the log; exec, so that the id is the daemon's.
    daemons.push(
      new Deno.Command("sh", {
        args: ["-c", 'log=$1; shift; exec "$@" >"$log" 2>&1', "sh", log]
          .concat(command, args),
        env,
        stdin: "null",
      }).spawn(),
    );
  };
  const cluster: Cluster = {
    env,
    async [Symbol.asyncDispose]() {
      for (const daemon of daemons.reverse()) {
        try {
          daemon.kill("SIGTERM");
        } catch {
          // It had ended already.
        }
        const late = setTimeout(() => daemon.kill("SIGKILL"), 10_000);
        await daemon.status;
        clearTimeout(late);
      }
    },
  };
  try {
    start("munged", "munged", [
      "--foreground",
      "--force",
      `--socket=${socket}`,
      `--key-file=${at("munge/key")}`,
      `--pid-file=${at("munge/pid")}`,
      `--log-file=${at("munge/log")}`,
      `--seed-file=${at("munge/seed")}`,
    ]);
    await until(() => exists(socket), () => daemonLogs(folder));
    start("slurmctld", "slurmctld", ["-D", "-f", env.SLURM_CONF]);
    start("slurmd", "slurmd", ["-D", "-f", env.SLURM_CONF]);
    await until(
      async () =>
        (await slurm(cluster, "sinfo", ["-h", "-o", "%T"], true)).trim() ===
          "idle",
      () => daemonLogs(folder),
    );
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Runs one of Slurm's commands.
 *
 * @param mayFail A failure gives no text instead of an error.
 * @returns What it printed.
 */
export async function slurm(
  { env }: Cluster,
  command: string,
  args: string[],
  mayFail = false,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    env,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success && !mayFail) {
    throw new Error(`${command} ${args.join(" ")}: ${text(stderr)}`);
  }
  return success ? text(stdout) : "";
}

/**
 * Waits until something holds.
 *
 * @param describe What to say if it does not.
 * @throws {Error} After `limitMs`.
 */
export async function until(
  holds: () => Promise<boolean>,
  describe: () => Promise<string>,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!await holds()) {
    if (Date.now() > end) throw new Error(await describe());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Whether a file exists. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The logs in a folder, one after the other. */
export async function daemonLogs(folder: string): Promise<string> {
  let text = "";
  for await (const { name } of Deno.readDir(folder)) {
    if (/\.(out|log)$/.test(name)) {
      text += `${name}:\n${await Deno.readTextFile(`${folder}/${name}`)}\n`;
    }
  }
  return text;
}
