namespace Holoflow.RunProtocol;

/// <summary>The environment variables that a flow process is started with. Parameters go in a file, never here.</summary>
public static class RunEnvironment
{
    /// <summary>The run directory; set: the process is a run. Unset: it was started by hand.</summary>
    public const string RunDirectory = "HOLOFLOW_RUN_DIR";

    /// <summary>Names the launch, <c>&lt;run id&gt;.&lt;epoch&gt;</c>: by it the agent finds processes that left the session of their run.</summary>
    public const string Launch = "HOLOFLOW_LAUNCH";

    /// <summary>The method of the flow within the program; may be unset where the program has one flow.</summary>
    public const string Method = "HOLOFLOW_METHOD";

    /// <summary>A file to write the <see cref="ProgramDescription"/> into, instead of running a flow.</summary>
    public const string DescribeTo = "HOLOFLOW_DESCRIBE_TO";

    /// <summary>The trace that the flow's own spans belong to (W3C Trace Context); unset where nobody traces.</summary>
    public const string TraceParent = "TRACEPARENT";

    /// <summary>The API, for what a flow process has to ask a server; unset in the embedded mode with no server.</summary>
    public const string ApiUrl = "HOLOFLOW_API_URL";

    /// <summary>The API token; goes over <see cref="ApiKeyFile"/>.</summary>
    public const string ApiKey = "HOLOFLOW_API_KEY";

    /// <summary>The file that holds the API token.</summary>
    public const string ApiKeyFile = "HOLOFLOW_API_KEY_FILE";

    /// <summary>The state directory of the user; where unset, <c>$XDG_STATE_HOME/holoflow</c> or <c>~/.local/state/holoflow</c>.</summary>
    public const string Home = "HOLOFLOW_HOME";

    /// <summary>The cluster profile (its name, or its file) whose allocations execute the run's tasks; <c>local</c>: none, whatever the flow says.</summary>
    public const string Cluster = "HOLOFLOW_CLUSTER";

    /// <summary>The directory of an allocation; set: the process is one of its workers, and executes the tasks that it finds there.</summary>
    public const string WorkerDirectory = "HOLOFLOW_WORKER_DIR";

    /// <summary>Which slot of the allocation the worker fills.</summary>
    public const string WorkerSlot = "HOLOFLOW_WORKER_SLOT";

    /// <summary>Which process the worker is of those that filled its slot.</summary>
    public const string WorkerStart = "HOLOFLOW_WORKER_START";

    /// <summary>The <c>holoflow</c> command, for a flow program that is started by hand.</summary>
    public const string Command = "HOLOFLOW_COMMAND";
}
