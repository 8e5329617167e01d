using System.Text.Json;

namespace Holoflow.Sdk;

/// <summary>Executes a task with a result of type <typeparamref name="T"/>.</summary>
sealed class TaskExecution<T> : TaskExecution
{
    readonly Func<TaskContext, ValueTask<T>> _body;
    readonly SubmittedValues _inputs;
    int _executions;
    TaskResources _resources;
    T? _value;

    public TaskExecution(
        FlowRun run, TaskDefinition task, Guid id, string key, string runName, string? identity, int occurrence,
        Func<TaskContext, ValueTask<T>> body, SubmittedValues inputs)
        : base(run, task, id, key, runName, identity, occurrence)
    {
        _body = body;
        _inputs = inputs;
        _resources = task.Options.Resources;
    }

    public T Value => _value!;

    RunSession Session => Run.Session;

    protected override bool TryRestore()
    {
        if (!Session.Results.TryFind(Run.NestedId, Key, Identity!, out var kept) || !TryRead(kept, out var value))
            return false;
        _value = value;
        // The attempt that kept the result may have died before it wrote the state.
        if (!Session.History.Completed(Id))
            Write(RunState.Completed);
        End(RunState.Completed, null);
        return true;
    }

    protected override async Task ExecuteOnce()
    {
        var released = false;
        try
        {
            var (state, failure) = await Outcome();
            Runner.Release();
            released = true;
            GiveSlotsBack();
            if (state.IsFinal)
                End(state, failure);
            else
                _ = RetryLater(failure!);
        }
        catch (Exception e)
        {
            // The journal itself gave up: the run is being cancelled while the disk is full.
            if (!released)
                Runner.Release();
            End(RunState.Of(RunStateType.Cancelled, e.Message), e);
        }
    }

    async Task<(RunState State, Exception? Failure)> Outcome()
    {
        if (TryFindFailedInput(out var failed))
            return await Recorded(
                RunState.Skipped($"'{failed.RunName}', which it needs, is {failed.State.Name}"),
                new UpstreamFailedException($"task '{RunName}' was skipped: '{failed.RunName}', which it needs, is {failed.State}", RootOf(failed.Failure)));
        try
        {
            Run.Cancellation.ThrowIfCancellationRequested();
            var cacheKey = CacheKey();
            if (cacheKey is not null && Session.Cache.TryFind(Definition, cacheKey, out var cached) && TryRead(cached, out var value))
                return await Completed(value, RunState.Cached, cacheKey: null);
            _executions++;
            if (Place is { } cluster)
            {
                var result = await cluster.Execute(Remote(), this, Run.Cancellation);
                return await Completed(ResultFormat<T>.Read(result.Span), RunState.Completed, cacheKey, result);
            }
            await Session.Journal.Written(Begin(), Run.Cancellation);
            return await Completed(await Body(), RunState.Completed, cacheKey);
        }
        catch (Exception e)
        {
            return await Failed(e);
        }
    }

    // Not the whole chain: it may be thousands of tasks long.
    static Exception? RootOf(Exception? failure) => failure is UpstreamFailedException skipped ? skipped.InnerException : failure;

    async ValueTask<T> Body()
    {
        var context = new TaskContext(Called, Session, Run.Cancellation, _executions) { Runner = Runner };
        try
        {
            return Definition.Options.Timeout is { } timeout
                ? await TaskTimeout.Limit(context, timeout, _body)
                : await _body(context);
        }
        finally
        {
            context.Finish();
        }
    }

    RemoteTask Remote() => new(Called, Identity!, _executions, _resources, Definition.Options.Cluster, Definition.Options.Timeout, _inputs.ToJson!());

    async Task<(RunState, Exception?)> Completed(T value, RunState state, string? cacheKey, ReadOnlyMemory<byte>? written = null)
    {
        if (Identity is not null || cacheKey is not null)
        {
            var json = written ?? ResultBytes.Of(Definition, value);
            if (Identity is not null)
                await Session.Results.Keep(Run.NestedId, Key, Identity, json, default);
            if (cacheKey is not null)
                await Session.Cache.Keep(Definition, cacheKey, json);
        }
        _value = value;
        return await Recorded(state, null);
    }

    async Task<(RunState, Exception?)> Failed(Exception failure)
    {
        if (failure is OperationCanceledException && Run.Cancellation.IsCancellationRequested)
            return await Recorded(RunState.Of(RunStateType.Cancelled, Run.CancelReason), failure);
        var message = $"{failure.GetType().Name}: {failure.Message}";
        var log = new RunLogger(Session, Run.NestedId, Id, Definition.Name);
        if (_executions <= Definition.Options.Retries && IsWorthRetry(failure, log) && !Run.Cancellation.IsCancellationRequested)
        {
            log.Warning("execution {execution} failed, retries left: {left}: {exception}", _executions, Definition.Options.Retries - _executions + 1, failure.Told());
            _resources = _resources.After(failure);
            var awaiting = RunState.AwaitingRetry(message);
            Write(awaiting);
            Enter(awaiting);
            return (awaiting, failure);
        }
        log.Error("{exception}", failure.Told());
        return await Recorded(
            failure switch
            {
                TaskTimedOutException => RunState.TimedOut(failure.Message),
                AllocationFailedException lost => RunState.Lost(lost),
                _ => RunState.Of(RunStateType.Failed, message),
            },
            failure);
    }

    bool IsWorthRetry(Exception failure, RunLogger log)
    {
        if (failure is ResultFormatException or TaskStillRunsException)
            return false;
        try
        {
            return Definition.Options.RetryIf?.Invoke(failure) ?? true;
        }
        catch (Exception e)
        {
            log.Error("the retry condition failed itself: {exception}", e.ToString());
            return false;
        }
    }

    async Task<(RunState, Exception?)> Recorded(RunState state, Exception? failure)
    {
        await Session.Journal.Written(Write(state), CancellationToken.None);
        return (state, failure);
    }

    async Task RetryLater(Exception failure)
    {
        var delay = Definition.Options.RetryDelays.Before(_executions, Random.Shared.NextDouble());
        await Task.Delay(delay, Time, Run.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A cancelled run ends the task when it gets its place.
        Ready();
    }

    string? CacheKey() => _inputs.ForCacheKey is not { } values
        ? null
        : Definition.Options.CacheKey!(new TaskInputs(Definition.Name, Definition.InputNames, [.. values.Select(TaskInputs.ValueOf)]));

    static bool TryRead(ReadOnlyMemory<byte> json, out T value)
    {
        value = default!;
        try
        {
            value = ResultFormat<T>.Read(json.Span);
            return true;
        }
        catch (JsonException)
        {
            // Written by an older version of the program, whose type differed: executed again.
            return false;
        }
    }
}
