using System.CommandLine;
using Holoflow.Client;
using Holoflow.Standalone;

namespace Holoflow.Cli.Commands;

/// <summary>From the words of a command line to an exit code; every failure is one line on standard error.</summary>
static class CommandLine
{
    static readonly ParserConfiguration Parser = new()
    {
        // '@' begins a value like any other character: no file is read in its place.
        ResponseFileTokenReplacer = null,
    };

    static readonly InvocationConfiguration Invocation = new()
    {
        EnableDefaultExceptionHandler = false,
        // Ctrl-C is the command's own affair: a run is cancelled properly, which takes its time.
        ProcessTerminationTimeout = null,
    };

    public static async Task<int> Run(string[] args)
    {
        try
        {
            var parsed = CommandTree.Create().Parse(args.Length == 0 ? ["--help"] : args, Parser);
            if (parsed.Action is System.CommandLine.Help.HelpAction || parsed.Errors.Count == 0)
                return await parsed.InvokeAsync(Invocation);
            return Refuse(ParseMistakes.Describe(parsed));
        }
        catch (CommandException e)
        {
            return Fail(e.ExitCode, e.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is ApiRefusedException or ApiUnreachableException)
        {
            return ServerFailures.Describe(e) is var (code, text) ? Fail(code, text) : ExitCodes.Failed;
        }
        catch (StandaloneStartException e)
        {
            return Fail(ExitCodes.Failed, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException)
        {
            return Fail(ExitCodes.Failed, e.Message);
        }
    }

    static int Refuse(string message) => Fail(ExitCodes.BadInput, message);

    static int Fail(int code, string message)
    {
        Console.Error.WriteLine($"holoflow: {Output.TerminalText.Line(message.ReplaceLineEndings("; "))}");
        return code;
    }
}
