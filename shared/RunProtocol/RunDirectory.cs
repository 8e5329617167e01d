using Holoflow.RunProtocol.Files;

namespace Holoflow.RunProtocol;

/// <summary>
/// The files of one flow run. The flow process writes the journal, results and artifacts; the supervisor writes the
/// streams, pid and exit status; the agent writes the rest. An attempt is one launch of the process.
/// </summary>
public sealed class RunDirectory(string path)
{
    const string Jobs = "job.";
    static readonly string[] Streams = ["stdout.*.log", "stderr.*.log", "process.*", "exit.*", "*" + WholeFile.Unfinished];

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What is run: a <see cref="RunDescription"/>.</summary>
    public string Description => In("run.json");

    /// <summary>The parameters: one JSON object.</summary>
    public string Parameters => In("parameters.json");

    /// <summary>The run journal, one for all attempts: one JSON object a line, sequence numbers never start again.</summary>
    public string Journal => In("journal.ndjson");

    /// <summary>Requests of the agent to the flow process: one <see cref="ControlRequest"/> a line.</summary>
    public string Control => In("control.ndjson");

    /// <summary>What the agent has shipped and had acknowledged.</summary>
    public string Shipped => In("shipped.json");

    /// <summary>What the agent has to say in the run's log: one line each.</summary>
    public string AgentNotes => In("agent.log");

    /// <summary>Made when the run has ended and all of it was told; gone when it is attempted again.</summary>
    public string Ended => In("ended");

    /// <summary>Results of finished tasks, one file each.</summary>
    public string Results => In("results");

    /// <summary>What the run's allocations on a cluster are given and leave: one directory each.</summary>
    public string Allocations => In("allocations");

    /// <summary>The directory of the Slurm job that an attempt is: what the job is given and leaves.</summary>
    /// <param name="epoch">The lease that it was launched under.</param>
    public string Job(long epoch) => In($"{Jobs}{epoch}");

    /// <summary>The directories of the Slurm jobs that attempts of the run were, whichever.</summary>
    public IEnumerable<string> AllJobs => Directory.Exists(Path) ? Directory.EnumerateDirectories(Path, Jobs + "*") : [];

    /// <summary>Files of artifacts.</summary>
    public string Artifacts => In("artifacts");

    public string Stdout(int attempt) => In($"stdout.{attempt}.log");

    public string Stderr(int attempt) => In($"stderr.{attempt}.log");

    /// <summary>Process id and start time of the supervisor, which leads the session.</summary>
    public string Process(int attempt) => In($"process.{attempt}");

    /// <summary>The exit status as a decimal number; 128 + n where signal n ended the process. Appears by atomic rename.</summary>
    public string ExitStatus(int attempt) => In($"exit.{attempt}");

    /// <summary>Removes what the system itself wrote of a run that has ended: journal, streams, kept results. Artifacts, and whatever the flow wrote here itself, stay.</summary>
    public void RemoveOwnFiles()
    {
        foreach (var file in (string[])[Journal, Journal + ".lock", Control, Shipped, AgentNotes, Parameters, Description])
            File.Delete(file);
        foreach (var file in Streams.SelectMany(pattern => Directory.GetFiles(Path, pattern)))
            File.Delete(file);
        foreach (var job in AllJobs)
            Directory.Delete(job, recursive: true);
        if (Directory.Exists(Results))
            Directory.Delete(Results, recursive: true);
    }

    string In(string name) => System.IO.Path.Combine(Path, name);
}
