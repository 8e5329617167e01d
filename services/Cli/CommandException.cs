namespace Holoflow.Cli;

/// <summary>Ends the command with one line on standard error and an exit code.</summary>
sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What was asked for is wrong; the message says what would be right.</summary>
    public static CommandException BadInput(string message) => new(ExitCodes.BadInput, message);

    /// <summary>What was asked for could not be done.</summary>
    public static CommandException Failed(string message) => new(ExitCodes.Failed, message);
}
