using System.Runtime.InteropServices;

namespace Holoflow.Sdk;

/// <summary>Makes SIGTERM and Ctrl-C a cancellation of the run.</summary>
sealed class StopSignals : IDisposable
{
    readonly PosixSignalRegistration _terminate;
    readonly PosixSignalRegistration _interrupt;

    public StopSignals(RunSession session)
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, session, "cancelled by SIGTERM"));
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            Interrupted = true;
            Cancel(signal, session, "cancelled by Ctrl-C");
        });
    }

    /// <summary>True after Ctrl-C.</summary>
    public bool Interrupted { get; private set; }

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    static void Cancel(PosixSignalContext signal, RunSession session, string reason)
    {
        signal.Cancel = true;
        _ = session.Cancel(reason);
    }
}
