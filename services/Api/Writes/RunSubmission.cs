using Holoflow.Api.Edge;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Writes;

/// <summary>
/// Hands new runs to the state store. Where it does not answer in time the caller gets 202 and the run's id, and the
/// submission is repeated until it is answered or the server stops: the id makes the repeats one run. A caller whose key made a run by an id that
/// only the state store knows is told to come again instead.
/// </summary>
sealed class RunSubmission(IMessageBus bus, TimeProvider time, ApiOptions options, ILogger log) : IAsyncDisposable
{
    const int MaxPending = 1000;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _stopping = new();
    readonly HashSet<Task> _pending = [];
    readonly Lock _lock = new();

    /// <param name="run">The run.</param>
    /// <param name="key">The caller's key; null: it gave none.</param>
    public async Task<RecordedAnswer> Submit(SubmitRun run, string? key)
    {
        var ofKey = key is null ? run.RunId : KeyedRunId.Of(run.IdempotencyKey!, key, time.GetUtcNow());
        run = run with { RunId = ofKey ?? run.RunId };
        lock (_lock)
        {
            if (_pending.Count >= MaxPending)
                throw new TimeoutException($"{MaxPending} runs wait for the state store already");
        }

        var request = bus.Request(run, CancellationToken.None).AsTask();
        try
        {
            return Answer(run, await request.WaitAsync(options.SubmitTimeout, time));
        }
        catch (Exception e) when (e is TimeoutException or MessagingException)
        {
            Log.SubmissionPending(log, run.RunId);
            KeepTrying(run, request);
            if (ofKey is null)
                throw;
            return RecordedAnswer.Of(new RunCreated(run.RunId, Stored: false), ApiJson.Default.RunCreated, StatusCodes.Status202Accepted, LocationOf(run.RunId));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] pending;
        lock (_lock)
            pending = [.. _pending];
        await Task.WhenAll(pending);
        _stopping.Dispose();
    }

    static RecordedAnswer Answer(SubmitRun run, CommandAnswered answered)
    {
        var id = answered.Id ?? run.RunId;
        return answered.Outcome switch
        {
            CommandOutcome.Accepted => RecordedAnswer.Of(new RunCreated(id), ApiJson.Default.RunCreated, StatusCodes.Status201Created, LocationOf(id)),
            CommandOutcome.Ignored => RecordedAnswer.Of(new RunCreated(id, Repeated: true), ApiJson.Default.RunCreated, StatusCodes.Status200OK, LocationOf(id)),
            _ => RecordedAnswer.Of(StateCommands.Refusal(answered)),
        };
    }

    static string LocationOf(Guid id) => $"/api/flow-runs/{id}";

    void KeepTrying(SubmitRun run, Task<CommandAnswered> request)
    {
        var trying = RepeatUntilAnswered(run, request);
        lock (_lock)
            _ = _pending.Add(trying);
        _ = ForgetAfter(trying);
    }

    async Task ForgetAfter(Task trying)
    {
        await trying;
        lock (_lock)
            _ = _pending.Remove(trying);
    }

    async Task RepeatUntilAnswered(SubmitRun run, Task<CommandAnswered> request)
    {
        while (true)
        {
            try
            {
                var answered = await request.WaitAsync(_stopping.Token);
                if (answered.Outcome is CommandOutcome.Refused or CommandOutcome.NotFound)
                    Log.SubmissionRefused(log, run.RunId, answered.Reason ?? "");
                return;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is TimeoutException or MessagingException)
            {
                request = AskAgain(run);
            }
        }
    }

    async Task<CommandAnswered> AskAgain(SubmitRun run)
    {
        await Task.Delay(Pause, time, _stopping.Token);
        return await bus.Request(run, _stopping.Token);
    }
}
