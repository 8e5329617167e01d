using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.DeadLetters;
using Holoflow.ApiModel.Tokens;
using Holoflow.Messaging;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Messages that could not be delivered or carried out: for administrators, as their bodies may hold anything.</summary>
sealed class DeadLetterRoutes(IMessageBus bus)
{
    const int MostListed = 1000;

    public void Map(RouteTable routes)
    {
        var admin = RouteAccess.Of(TokenScope.Admin);
        routes.Get(
            "/api/dead-letters",
            new ApiRoute("Lists dead letters, the oldest first", typeof(IReadOnlyList<DeadLetterRow>)) { Access = admin, Query = [new("queue", "of this queue"), new("limit", "1 to 1000", QueryType.Number)] },
            List);
        routes.Get("/api/dead-letters/{id}", new ApiRoute("A dead letter", typeof(DeadLetterRow)) { Access = admin }, Get);
        routes.Post(
            "/api/dead-letters/replay",
            new ApiRoute<DeadLetterChoice>("Sends dead letters to the queues they came from", ApiJson.Default.DeadLetterChoice, typeof(DeadLettersDone)) { Access = admin },
            call => Do(call, Letters().Replay));
        routes.Post(
            "/api/dead-letters/drop",
            new ApiRoute<DeadLetterChoice>("Drops dead letters", ApiJson.Default.DeadLetterChoice, typeof(DeadLettersDone)) { Access = admin },
            call => Do(call, Letters().Drop));
    }

    async Task List(HttpContext http)
    {
        var query = new QueryReader(http);
        var (queue, limit) = (query.Text("queue"), query.Number("limit", 1, MostListed, 200));
        query.Errors.ThrowIfAny();
        var letters = await Asked(() => Letters().List(queue, limit, http.RequestAborted));
        await Answers.Json(http, [.. letters.Select(ToRow)], ApiJson.Default.IReadOnlyListDeadLetterRow);
    }

    async Task Get(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var id = Ids.NameFromPath(http, "id");
        var letter = (await Asked(() => Letters().List(null, int.MaxValue, http.RequestAborted))).FirstOrDefault(l => l.Id == id)
            ?? throw RefusedException.NotFound($"there is no dead letter '{Ids.Shown(id)}'");
        await Answers.Json(http, ToRow(letter), ApiJson.Default.DeadLetterRow);
    }

    static async Task<RecordedAnswer> Do(Call<DeadLetterChoice> call, Func<Func<DeadLetter, bool>, CancellationToken, Task<int>> change)
    {
        var choice = call.Body;
        var errors = new FieldErrors();
        if ((choice.Id is null ? 0 : 1) + (choice.Queue is null ? 0 : 1) + (choice.All ? 1 : 0) != 1)
            errors.Add("id", "give exactly one of 'id', 'queue' and 'all'");
        errors.ThrowIfAny();
        var count = await Asked(() => change(letter => choice.All || letter.Id == choice.Id || letter.Queue == choice.Queue, CancellationToken.None));
        return count == 0 && choice.Id is { } id
            ? throw RefusedException.NotFound($"there is no dead letter '{Ids.Shown(id)}'")
            : RecordedAnswer.Of(new DeadLettersDone(count), ApiJson.Default.DeadLettersDone);
    }

    // What the broker says is for the operator who asks.
    static async Task<T> Asked<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (MessagingException e)
        {
            throw RefusedException.Of(StatusCodes.Status502BadGateway, "Bad gateway", e.Message);
        }
    }

    IDeadLetters Letters() => bus.DeadLetters ?? throw RefusedException.NotFound("this server works without a broker: there are no dead letters");

    static DeadLetterRow ToRow(DeadLetter letter) => new()
    {
        Id = letter.Id,
        Queue = letter.Queue,
        Message = letter.Message,
        Reason = letter.Reason,
        Error = letter.Error,
        At = letter.At,
        Body = letter.Body,
    };
}
