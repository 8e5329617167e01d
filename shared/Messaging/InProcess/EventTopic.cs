using Holoflow.Contracts;

namespace Holoflow.Messaging.InProcess;

/// <summary>The queues that are bound to one event type's exchange.</summary>
sealed class EventTopic<TEvent>(Action<Exception, object>? onFault)
    where TEvent : class, IRouted
{
    readonly Lock _lock = new();
    readonly List<Binding> _bindings = [];

    public void Publish(TEvent message)
    {
        Binding[] bindings;
        lock (_lock)
            bindings = [.. _bindings];
        var key = message.RoutingKey;
        HashSet<EventQueue<TEvent>>? delivered = null;
        foreach (var binding in bindings)
        {
            if (binding.Matches(key) && (delivered ??= []).Add(binding.Queue))
                binding.Queue.Enqueue(message);
        }
    }

    public ISubscription Subscribe(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
    {
        lock (_lock)
        {
            var queue = subscription.Queue is { } name ? _bindings.Find(b => b.Queue.Name == name)?.Queue : null;
            var binding = new Binding(this, subscription.Patterns, queue ?? new EventQueue<TEvent>(subscription.Queue, onFault));
            binding.Consumer = binding.Queue.Add(subscription, handler);
            _bindings.Add(binding);
            return binding;
        }
    }

    sealed class Binding(EventTopic<TEvent> topic, IReadOnlyList<string> patterns, EventQueue<TEvent> queue) : ISubscription
    {
        public Task Established => Task.CompletedTask;

        public bool Matches(string key) => patterns.Any(pattern => TopicPattern.Matches(pattern, key));

        public EventQueue<TEvent> Queue => queue;

        public EventConsumer<TEvent>? Consumer { get; set; }

        public async ValueTask DisposeAsync()
        {
            lock (topic._lock)
                topic._bindings.Remove(this);
            await queue.Remove(Consumer!);
        }
    }
}
