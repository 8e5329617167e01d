using Holoflow.ApiModel.TaskRuns;
using Holoflow.ReadModel.TaskRuns;

namespace Holoflow.Api.Mapping;

/// <summary>The times of task runs as columns.</summary>
static class TimelineMapping
{
    public static TaskTimeline ToTimeline(IReadOnlyList<TaskTimes> tasks, string follow, bool truncated)
    {
        var (names, states) = (new Places(), new Places());
        return new TaskTimeline
        {
            Follow = follow,
            Id = [.. tasks.Select(t => t.Id)],
            Name = [.. tasks.Select(t => t.RunName)],
            Task = [.. tasks.Select(t => names.Of(t.TaskName))],
            State = [.. tasks.Select(t => states.Of(t.StateType == t.StateName ? t.StateType : $"{t.StateType} {t.StateName}"))],
            Created = [.. tasks.Select(t => t.CreatedAt.ToUnixTimeMilliseconds())],
            Started = [.. tasks.Select(t => t.StartedAt?.ToUnixTimeMilliseconds())],
            Ended = [.. tasks.Select(t => t.EndedAt?.ToUnixTimeMilliseconds())],
            Tasks = names.Texts,
            States = states.Texts,
            Truncated = truncated,
        };
    }

    /// <summary>Texts by the order of their first use.</summary>
    sealed class Places
    {
        readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
        readonly List<string> _texts = [];

        public IReadOnlyList<string> Texts => _texts;

        public int Of(string text)
        {
            if (!_places.TryGetValue(text, out var place))
            {
                _places[text] = place = _texts.Count;
                _texts.Add(text);
            }

            return place;
        }
    }
}
