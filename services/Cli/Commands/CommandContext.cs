using System.CommandLine;
using Holoflow.Cli.Settings;

namespace Holoflow.Cli.Commands;

/// <summary>What a command works with. What costs time is made when it is asked for.</summary>
sealed class CommandContext(ParseResult parsed) : IDisposable
{
    readonly Lazy<Interrupts> _interrupts = new(() => new Interrupts());
    readonly Lazy<CurrentSettings> _settings = new(CurrentSettings.FromEnvironment);
    readonly Lazy<StatePaths> _paths = new(() => StatePaths.FromEnvironment(Environment.GetEnvironmentVariable));

    public Interrupts Interrupts => _interrupts.Value;

    /// <summary>Ends at the first Ctrl-C.</summary>
    public CancellationToken Cancellation => Interrupts.First;

    public CurrentSettings Settings => _settings.Value;

    /// <summary>Where state and profiles lie; known even where the profiles are damaged.</summary>
    public StatePaths Paths => _paths.Value;

    public TimeProvider Clock { get; } = TimeProvider.System;

    public TextWriter Output { get; } = Console.Out;

    public T Value<T>(Option<T> option) => parsed.GetValue(option)!;

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public void Dispose()
    {
        if (_interrupts.IsValueCreated)
            _interrupts.Value.Dispose();
    }
}

static class CommandActions
{
    /// <summary>Sets what the command does; the result is the exit code.</summary>
    public static Command Does(this Command command, Func<CommandContext, Task<int>> action)
    {
        command.SetAction(async (parsed, _) =>
        {
            using var context = new CommandContext(parsed);
            return await action(context);
        });
        return command;
    }
}
