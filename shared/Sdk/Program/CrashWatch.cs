namespace Holoflow.Sdk;

/// <summary>
/// Sees a process that ends under its run (a call of Environment.Exit, an unhandled exception on another thread): the lines that
/// are buffered are written, and the flow's crash hook is called. After a kill the next attempt calls it.
/// </summary>
sealed class CrashWatch : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly RunSession _session;
    readonly FlowDefinition _flow;
    readonly RunLogger _log;
    int _over;

    public CrashWatch(RunSession session, FlowDefinition flow)
    {
        _session = session;
        _flow = flow;
        _log = new RunLogger(session, null, null, "flow");
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
        TaskScheduler.UnobservedTaskException += OnUnobserved;
    }

    public void Ended() => _over = 1;

    /// <summary>Calls the hook for an earlier attempt that was killed.</summary>
    public Task ReportEarlierCrash() => _session.History.LastAttemptCrashed && !File.Exists(Told(_session.Description.Attempt - 1))
        ? _flow.Hooks.Call(EndOf("the process of the attempt before this one ended without a word", null), _log)
        : Task.CompletedTask;

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
    }

    void OnExit(object? sender, EventArgs e) => Crashed("the process was ended inside the flow, by Environment.Exit or by a signal", null);

    void OnUnhandled(object sender, UnhandledExceptionEventArgs e) =>
        Crashed("an exception on a thread outside the flow ended the process", e.ExceptionObject as Exception);

    void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        _log.Warning("work that nobody awaited failed: {exception}", e.Exception.ToString());
        e.SetObserved();
    }

    // The runtime waits for these events: the hook gets a while, on another thread, before the process is gone.
    void Crashed(string message, Exception? exception)
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
            return;
        _log.Critical(exception is null ? message : $"{message}: {exception}");
        if (_flow.Hooks.Has(RunStateType.Crashed))
        {
            File.WriteAllBytes(Told(_session.Description.Attempt), []);
            using var called = new ManualResetEventSlim();
            _ = CallHook(EndOf(message, exception), called);
            called.Wait(Patience);
        }
        _session.Journal.WriteNow(Patience);
    }

    // The next attempt has to know that this one has called the hook itself.
    string Told(int attempt) => Path.Combine(_session.Directory.Path, $"crash-told.{attempt}");

    async Task CallHook(FlowEnd end, ManualResetEventSlim called)
    {
        await Task.Run(() => _flow.Hooks.Call(end, _log));
        called.Set();
    }

    FlowEnd EndOf(string message, Exception? exception) =>
        new(_session.Description.RunId, _session.Description.RunName, _flow.Name, RunState.Of(RunStateType.Crashed, message), exception);
}
