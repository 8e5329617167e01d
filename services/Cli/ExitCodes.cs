namespace Holoflow.Cli;

/// <summary>What the process ends with, as the shell sees it.</summary>
static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A run failed, or a server did not do what was asked.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a file named on it or a value in it is wrong; nothing was done.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl-C, after the run was cancelled.</summary>
    public const int Interrupted = 130;
}
