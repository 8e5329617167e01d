using Holoflow.Contracts;
using Holoflow.Messaging;
using Microsoft.Extensions.Logging;

namespace Holoflow.Agent.Requests;

/// <summary>Asks until there is an answer: runs go on while the server is away, and what they did is told when it is back.</summary>
sealed class PatientRequests(IMessageBus bus, TimeProvider time, ILogger log)
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    /// <param name="request">May be carried out more than once: its handler must know repeats.</param>
    /// <param name="cancellation">The only way to end without an answer.</param>
    public async ValueTask<TAnswer> Ask<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation)
        where TAnswer : class
    {
        var delay = FirstDelay;
        for (var tries = 1; ; tries++)
        {
            try
            {
                var answer = await bus.Request(request, cancellation);
                if (tries > 1)
                    log.AnsweredAgain(request.GetType().Name, tries);
                return answer;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                // Whatever a transport throws when it is cut in the middle of an answer: nothing but an answer ends this.
                if (tries == 1)
                    log.NoAnswer(request.GetType().Name, e);
            }

            await Task.Delay(Jitter(delay), time, cancellation);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    // Many agents that wait for one server do not come back at the same moment.
    static TimeSpan Jitter(TimeSpan delay) => delay * (0.75 + (Random.Shared.NextDouble() / 2));
}
