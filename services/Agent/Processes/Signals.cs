using System.Runtime.InteropServices;

namespace Holoflow.Agent.Processes;

/// <summary>Sends signals and tells their names (signal(7)).</summary>
static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    static readonly string[] Names =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE",
        "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM",
        "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary>E.g. <c>9 (SIGKILL)</c>.</summary>
    public static string Describe(int signal) => signal > 0 && signal < Names.Length ? $"{signal} ({Names[signal]})" : $"{signal}";

    /// <summary>Sends a signal, provided that the id still names this process. False where it is gone or belongs to another user.</summary>
    public static bool Send(ProcessIdentity process, int signal) => process.IsAlive && kill(process.Id, signal) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
