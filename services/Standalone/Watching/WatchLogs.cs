using Holoflow.Agent;
using Holoflow.ApiModel.FlowRuns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Holoflow.Standalone.Watching;

/// <summary>What the process has to say to the person who watches its run: where it can be looked at, that a disk is full.</summary>
public sealed record ProcessSaid(string Text) : RunUpdate;

/// <summary>The log of a process with one run: what its agent warns of is told to the person who watches; the rest concerns nobody.</summary>
sealed class WatchLogs(RunWatch watch) : ILoggerFactory, ILogger
{
    static readonly string Agent = typeof(FlowAgent).FullName!;

    public ILogger CreateLogger(string categoryName) => categoryName == Agent ? this : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("this log goes to one person alone");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    // An error without an exception is one that the run's own state tells.
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Warning)
            watch.Said(formatter(state, exception));
        else if (logLevel > LogLevel.Warning && exception is not null)
            watch.Said($"{formatter(state, exception)}: {exception.Message}");
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
