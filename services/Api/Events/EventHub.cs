using System.Text.Json;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Events;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Definition = Holoflow.Contracts.DefinitionChanged;
using Logs = Holoflow.Contracts.LogsStored;
using Tasks = Holoflow.Contracts.TaskRunsChanged;

namespace Holoflow.Api.Events;

/// <summary>Listens on the bus and hands what changed to the readers of event streams.</summary>
sealed class EventHub(IMessageBus bus, ApiOptions options) : IAsyncDisposable
{
    readonly List<IAsyncDisposable> _subscriptions = [];

    public EventBuffer Buffer { get; } = new(options.EventBuffer);

    public RunBells Bells { get; } = new();

    public void Start()
    {
        var all = new Subscription("#");
        _subscriptions.Add(bus.Subscribe<RunStateChanged>(all, (e, _) => Take(e)));
        _subscriptions.Add(bus.Subscribe<Tasks>(all, (e, _) => Take(e)));
        _subscriptions.Add(bus.Subscribe<Logs>(all, (e, _) => Take(e)));
        _subscriptions.Add(bus.Subscribe<Definition>(all, (e, _) => Take(e)));
        _subscriptions.Add(bus.Subscribe<AgentCapacityChanged>(all, (e, _) => Take(e)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subscription in _subscriptions)
            await subscription.DisposeAsync();
        _subscriptions.Clear();
    }

    ValueTask Take(RunStateChanged e)
    {
        // A name that this version does not know is shown as what it is; a type it does not know cannot be.
        if (Enum.TryParse<RunStateType>(e.StateType, out var type))
        {
            Add(new FlowRunChanged
            {
                RunId = e.RunId,
                Version = e.Version,
                RunName = e.RunName,
                FlowName = e.FlowName,
                DeploymentId = e.DeploymentId,
                ParentRunId = e.ParentRunId,
                Queue = e.Queue,
                State = new RunState(type, e.StateName, e.At, e.Message),
            });
        }

        Bells.Ring(e.RunId);
        if (e.ParentRunId is { } parent)
            Bells.Ring(parent);
        return ValueTask.CompletedTask;
    }

    ValueTask Take(Tasks e)
    {
        Add(new ApiModel.Events.TaskRunsChanged(e.RunId), $"t{e.RunId}");
        Bells.Ring(e.RunId);
        return ValueTask.CompletedTask;
    }

    ValueTask Take(Logs e)
    {
        Add(new ApiModel.Events.LogsStored(e.RunId), $"l{e.RunId}");
        Bells.Ring(e.RunId);
        return ValueTask.CompletedTask;
    }

    ValueTask Take(Definition e)
    {
        if (e.Kind == Definition.ApiToken)
            return ValueTask.CompletedTask;
        Add(new ApiModel.Events.DefinitionChanged(e.Kind, e.Id, e.Name), $"d{e.Kind} {e.Name}");
        return ValueTask.CompletedTask;
    }

    ValueTask Take(AgentCapacityChanged e)
    {
        Add(new AgentChanged(e.AgentId, e.Name, e.Online, e.Slots, e.FreeSlots), $"a{e.AgentId}");
        return ValueTask.CompletedTask;
    }

    void Add(ChangeEvent e, string? subject = null) => Buffer.Add(JsonSerializer.SerializeToUtf8Bytes(e, ApiJson.Default.ChangeEvent), subject);
}
