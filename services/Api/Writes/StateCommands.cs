using Holoflow.Api.Edge;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Writes;

/// <summary>Sends commands to the state store and turns its answers into HTTP's.</summary>
sealed class StateCommands(IMessageBus bus, TimeProvider time, ApiOptions options)
{
    /// <param name="command">What is asked.</param>
    /// <param name="created">True where an accepted command made something that was not there (201).</param>
    /// <param name="by">Who carries it out; null: the state store.</param>
    public async Task<RecordedAnswer> Send(IRequest<CommandAnswered> command, Func<CommandAnswered, bool>? created = null, Func<Task<CommandAnswered>>? by = null)
    {
        // A caller that goes away does not stop what it asked for: half done helps nobody.
        var answered = await (by?.Invoke() ?? bus.Request(command, CancellationToken.None).AsTask()).WaitAsync(options.CommandTimeout, time);
        var result = new CommandResult(answered.Outcome == CommandOutcome.Accepted, answered.Reason, answered.Id, answered.Version);
        return answered.Outcome switch
        {
            CommandOutcome.Accepted when created?.Invoke(answered) == true => RecordedAnswer.Of(result, ApiJson.Default.CommandResult, StatusCodes.Status201Created),
            CommandOutcome.Accepted or CommandOutcome.Ignored => RecordedAnswer.Of(result, ApiJson.Default.CommandResult),
            // Only of a definition the body has fields that could be wrong.
            _ => RecordedAnswer.Of(Refusal(command is DefineDeployment or DefineSchedules or DefineQueue or DefineApiToken or DefineNotification ? answered : answered with { Field = null })),
        };
    }

    /// <summary>A refusal in HTTP's words.</summary>
    public static Problem Refusal(CommandAnswered answered) => answered switch
    {
        { Outcome: CommandOutcome.NotFound } => new Problem { Status = 404, Title = "Not found", Detail = answered.Reason ?? "it is not there" },
        { Field: { } field } => new Problem
        {
            Status = 422,
            Title = "Not valid",
            Detail = $"{field}: {answered.Reason}",
            Errors = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [field] = [answered.Reason ?? "is refused"] },
        },
        _ => new Problem { Status = 409, Title = "Conflict", Detail = answered.Reason ?? "the state store refused it" },
    };
}
