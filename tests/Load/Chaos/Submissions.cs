using System.Collections.Concurrent;
using Holoflow.Load.Stack;

namespace Holoflow.Load.Chaos;

/// <summary>Clients that submit runs without a pause and repeat each until it is accepted, under a key that makes the repeats one run.</summary>
sealed class Submissions(HttpClient http, RunRequest request, int clients)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    readonly ConcurrentDictionary<string, Guid> _accepted = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _more = new(0);
    int _number;
    int _repeats;

    /// <summary>What was accepted: key and run.</summary>
    public IReadOnlyDictionary<string, Guid> Accepted => _accepted;

    /// <summary>How often a request had to be sent again.</summary>
    public int Repeats => _repeats;

    /// <summary>Submits until told to stop; then what was begun is still brought to its end.</summary>
    public Task Run(Func<Task> pace, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            await pace();
            // As people choose them, and as clients make them.
            var number = Interlocked.Increment(ref _number);
            await SubmitOne(number % 2 == 0 ? $"chaos-{number}" : Guid.CreateVersion7().ToString());
        }
    }, CancellationToken.None)));

    /// <summary>Completes when so many more were accepted.</summary>
    public async Task AcceptedMore(int count, CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++)
            await _more.WaitAsync(cancellation);
    }

    async Task SubmitOne(string key)
    {
        while (true)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                _accepted[key] = await request.Send(http, key, patience.Token);
                _more.Release();
                return;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                Interlocked.Increment(ref _repeats);
            }

            await Task.Delay(BetweenTries);
        }
    }
}
