namespace Holoflow.Messaging;

/// <summary>Topic patterns as AMQP 0-9-1 has them: words joined by dots, <c>*</c> for one word, <c>#</c> for any number.</summary>
public static class TopicPattern
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> key)
    {
        var word = Head(pattern, out var patternRest, out var patternEnds);
        if (word is "#")
        {
            if (patternEnds || Matches(patternRest, key))
                return true;
            while (!key.IsEmpty)
            {
                Head(key, out key, out var lastWord);
                if (lastWord)
                    return MatchesNothing(patternRest);
                if (Matches(patternRest, key))
                    return true;
            }

            return false;
        }

        var keyWord = Head(key, out var keyRest, out var keyEnds);
        if (word is not "*" && !word.SequenceEqual(keyWord))
            return false;
        if (patternEnds || keyEnds)
            return patternEnds ? keyEnds : MatchesNothing(patternRest);
        return Matches(patternRest, keyRest);
    }

    static bool MatchesNothing(ReadOnlySpan<char> pattern)
    {
        while (true)
        {
            if (Head(pattern, out pattern, out var last) is not "#")
                return false;
            if (last)
                return true;
        }
    }

    static ReadOnlySpan<char> Head(ReadOnlySpan<char> words, out ReadOnlySpan<char> rest, out bool last)
    {
        var dot = words.IndexOf('.');
        last = dot < 0;
        rest = last ? default : words[(dot + 1)..];
        return last ? words : words[..dot];
    }
}
