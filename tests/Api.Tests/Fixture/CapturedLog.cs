using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Tests.Fixture;

/// <summary>Keeps every line that is logged, of every level, with its exception.</summary>
sealed class CapturedLog : ILogger
{
    readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{formatter(state, exception)} {exception}");
}
