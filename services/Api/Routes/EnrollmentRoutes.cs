using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Writes;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Agents;
using Holoflow.ApiModel.Tokens;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>
/// Agents come in by a one-time code: it is an API token of scope enroll, so that it is kept, listed, revoked, expires and is compared as all
/// of them are. What an agent gets is its own: an API token and, where the broker's management is known, a user of the broker.
/// </summary>
sealed class EnrollmentRoutes(StateCommands commands, BrokerUsers? broker, KnownTokens? known)
{
    const int HashDigits = 64;
    const string NoBroker = "this server makes no broker users (HOLOFLOW_RABBITMQ_MANAGEMENT is not set there): the agent's messages go over its API";

    public void Map(RouteTable routes) => routes.Post(
        "/api/agents/enroll",
        new ApiRoute<AgentEnrollment>("Enrols an agent by the one-time code that is the request's API token", ApiJson.Default.AgentEnrollment, typeof(AgentEnrolled)) { Access = RouteAccess.Of(TokenScope.Enroll) },
        Enroll);

    async Task<RecordedAnswer> Enroll(Call<AgentEnrollment> call)
    {
        if (Door.GrantOf(call.Http) is not { Token: var code, Scope: var scope })
            throw RefusedException.Conflict("this server asks for no API tokens: an agent needs none, and there is nothing to enrol for");
        if (scope != TokenScope.Enroll)
            throw RefusedException.Conflict($"the API token '{code.Name}' is no enrolment code: an administrator makes one with 'holoflow agent invite NAME'");
        Check(call.Body);
        await EnsureBroker(code.Name);
        var answer = await commands.Send(new EnrollAgent(code.Id, call.NewId, call.Body.TokenHash));
        await LookAgain();
        if (answer.Status != StatusCodes.Status200OK)
            return answer;
        var enrolled = broker is null
            ? new AgentEnrolled { Name = code.Name, Note = NoBroker }
            : new AgentEnrolled { Name = code.Name, Broker = new EnrolledBroker(broker.AgentAddress.AbsoluteUri, await MakeUser(broker, code.Name, call)) };
        return RecordedAnswer.Of(enrolled, ApiJson.Default.AgentEnrolled);
    }

    static void Check(AgentEnrollment body)
    {
        var errors = new FieldErrors();
        if (body.TokenHash.Length != HashDigits || !body.TokenHash.All(char.IsAsciiHexDigitLower))
            errors.Add("tokenHash", "must be the 64 lower-case hex digits of a SHA-256");
        if (!BrokerPassword.IsHash(body.BrokerPasswordHash))
            errors.Add("brokerPasswordHash", "must be base64 of a salt of four bytes and the SHA-256 of salt and password");
        errors.ThrowIfAny();
    }

    // Before the code is used up.
    async Task EnsureBroker(string agent)
    {
        if (broker is null)
            return;
        try
        {
            await broker.Check(agent, CancellationToken.None);
        }
        catch (MessagingException e)
        {
            throw RefusedException.Of(StatusCodes.Status502BadGateway, "Bad gateway", $"nobody was enrolled and the code is still good: {e.Message}");
        }
    }

    async Task<string> MakeUser(BrokerUsers users, string name, Call<AgentEnrollment> call)
    {
        try
        {
            return await users.Create(name, call.Body.BrokerPasswordHash, CancellationToken.None);
        }
        catch (MessagingException e)
        {
            _ = await commands.Send(new RevokeApiToken(call.NewId));
            await LookAgain();
            throw RefusedException.Of(StatusCodes.Status502BadGateway, "Bad gateway", $"nobody was enrolled, and the code is used up (make another one with 'holoflow agent invite {name}'): {e.Message}");
        }
    }

    Task LookAgain() => known?.Read(CancellationToken.None) ?? Task.CompletedTask;
}
