using System.Runtime.InteropServices;

namespace Holoflow.Cli;

/// <summary>
/// Ctrl-C, counted: the first asks for a proper end, the second for a hasty one, the third is left to the system, which
/// ends the process. SIGTERM counts as Ctrl-C.
/// </summary>
sealed class Interrupts : IDisposable
{
    readonly CancellationTokenSource _first = new();
    readonly CancellationTokenSource _second = new();
    readonly PosixSignalRegistration _int;
    readonly PosixSignalRegistration _term;

    public Interrupts()
    {
        _int = PosixSignalRegistration.Create(PosixSignal.SIGINT, Count);
        _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Count);
    }

    public CancellationToken First => _first.Token;

    public CancellationToken Second => _second.Token;

    /// <summary>Ends at the first Ctrl-C.</summary>
    public Task WaitForFirst() => Raised(First);

    /// <summary>Ends at the second Ctrl-C.</summary>
    public Task WaitForSecond() => Raised(Second);

    public void Dispose()
    {
        _int.Dispose();
        _term.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    static Task Raised(CancellationToken token)
    {
        var raised = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = token.Register(() => raised.TrySetResult());
        return raised.Task;
    }

    void Count(PosixSignalContext context)
    {
        context.Cancel = !_second.IsCancellationRequested;
        (_first.IsCancellationRequested ? _second : _first).Cancel();
    }
}
