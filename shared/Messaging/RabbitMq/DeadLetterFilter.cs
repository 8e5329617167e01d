using MassTransit;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>Takes a request that its handler failed at out of its queue: the asker was told, an operator can look at it and replay it.</summary>
sealed class DeadLetterFilter(DeadLetterSender deadLetters, string queue) : IFilter<ExceptionReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        deadLetters.Send(queue, context.Body.GetBytes(), context.Exception.Message, CancellationToken.None);

    public void Probe(ProbeContext context) => context.CreateFilterScope("dead-letter");
}

/// <summary>The same for what is no message of ours.</summary>
sealed class UnknownMessageFilter(DeadLetterSender deadLetters, string queue) : IFilter<ReceiveContext>
{
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) =>
        deadLetters.Send(queue, context.Body.GetBytes(), "it is no message of this queue", CancellationToken.None);

    public void Probe(ProbeContext context) => context.CreateFilterScope("dead-letter");
}
