using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Requests;
using Holoflow.Api.Writes;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Tokens;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.ReadModel.Access;
using Microsoft.AspNetCore.Http;
using Stored = Holoflow.Persistence.Model;

namespace Holoflow.Api.Routes;

/// <summary>API tokens. The token itself is shown once, to the one who asked for it.</summary>
sealed class TokenRoutes(Database database, StateCommands commands, KnownTokens? known, AgentUsers? agentUsers, TimeProvider time)
{
    static readonly TimeSpan CodeLife = TimeSpan.FromHours(1);
    static readonly TimeSpan LongestCodeLife = TimeSpan.FromDays(7);

    readonly ApiTokens _tokens = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/tokens", new ApiRoute("Lists API tokens, the newest first", typeof(IReadOnlyList<ApiTokenRow>)) { Access = RouteAccess.Of(TokenScope.Admin) }, List);
        routes.Post("/api/tokens", new ApiRoute<CreateApiToken>("Makes an API token; only this answer shows it", ApiJson.Default.CreateApiToken, typeof(ApiTokenCreated)), Create);
        routes.Delete("/api/tokens/{id}", new ApiRoute("Takes an API token's rights away; streams that it opened end", typeof(CommandResult)), Revoke);
    }

    async Task List(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var (tokens, now) = (await _tokens.All(http.RequestAborted), time.GetUtcNow());
        await Answers.Json(http, [.. tokens.Select(t => ToRow(t, now))], ApiJson.Default.IReadOnlyListApiTokenRow);
    }

    async Task<RecordedAnswer> Create(Call<CreateApiToken> call)
    {
        var body = call.Body;
        var errors = new FieldErrors();
        NameRules.CheckName(errors, "name", body.Name);
        var isCode = body.Scope == TokenScope.Enroll;
        if (isCode)
            CheckCode(errors, body);
        if (body.ExpiresAt is { } expires && (expires <= time.GetUtcNow() || expires.Year > 9000))
            errors.Add("expiresAt", "must be a time to come, up to the year 9000");
        errors.ThrowIfAny();
        var token = isCode ? ApiTokenText.NewCode() : ApiTokenText.New();
        var end = isCode ? body.ExpiresAt ?? time.GetUtcNow() + CodeLife : body.ExpiresAt;
        var define = new DefineApiToken { TokenId = call.NewId, Name = body.Name, Hash = ApiTokenText.HashOf(token), Scope = body.Scope.ToString().ToLowerInvariant(), ExpiresAt = end };
        var created = new ApiTokenCreated(call.NewId, body.Name, body.Scope, end, token);
        var answer = await commands.Send(define, _ => true);
        await LookAgain();
        return answer.Status == StatusCodes.Status201Created ? RecordedAnswer.Of(created, ApiJson.Default.ApiTokenCreated, StatusCodes.Status201Created, $"/api/tokens/{call.NewId}") : answer;
    }

    // The code's name becomes the agent's.
    void CheckCode(FieldErrors errors, CreateApiToken body)
    {
        if (!AgentName.IsOne(body.Name))
            errors.Add("name", AgentName.Rule);
        if (body.ExpiresAt > time.GetUtcNow() + LongestCodeLife)
            errors.Add("expiresAt", $"must be within {LongestCodeLife.TotalDays:0} days: a code is used once, and soon");
    }

    async Task<RecordedAnswer> Revoke(HttpContext http)
    {
        var answer = await commands.Send(new RevokeApiToken(Ids.FromPath(http)));
        await LookAgain();
        if (agentUsers is not null && answer.Status == StatusCodes.Status200OK)
            await RemoveUsers(agentUsers);
        return answer;
    }

    static async Task RemoveUsers(AgentUsers users)
    {
        try
        {
            await users.Clean(CancellationToken.None);
        }
        catch (MessagingException e)
        {
            throw RefusedException.Of(StatusCodes.Status502BadGateway, "Bad gateway", $"the API token is revoked; a user of the broker that hangs on it goes when the broker's management is back: {e.Message}");
        }
    }

    // Who has the answer may use it here at once; the message that tells of it comes when it comes.
    Task LookAgain() => known?.Read(CancellationToken.None) ?? Task.CompletedTask;

    static ApiTokenRow ToRow(Stored.ApiTokenRow token, DateTimeOffset now) => new()
    {
        Id = token.Id,
        Name = token.Name,
        Scope = Enum.Parse<TokenScope>(token.Scope, ignoreCase: true),
        CreatedAt = token.CreatedAt,
        ExpiresAt = token.ExpiresAt,
        RevokedAt = token.RevokedAt,
        Live = AccessGrant.Refusal(token, now) is null,
    };
}
