namespace Holoflow.Messaging;

/// <summary>Topic patterns as AMQP 0-9-1 has them: words joined by dots, <c>*</c> for one word, <c>#</c> for any number.</summary>
public static class TopicPattern
{
    /// <summary>Whether the key is one of those that the pattern means; takes at most as many steps as the product of their words.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> key)
    {
        // Where the next word begins; beyond the end: there is none. What an earlier # took need not be looked at again once a later one is reached.
        var (ofPattern, ofKey) = (0, 0);
        (int After, int Takes)? anyNumber = null;
        while (ofKey <= key.Length)
        {
            if (ofPattern <= pattern.Length)
            {
                var wanted = WordAt(pattern, ofPattern);
                var word = WordAt(key, ofKey);
                if (wanted is "#")
                {
                    ofPattern += 2;
                    anyNumber = (ofPattern, ofKey);
                    continue;
                }

                if (wanted is "*" || wanted.SequenceEqual(word))
                {
                    ofPattern += wanted.Length + 1;
                    ofKey += word.Length + 1;
                    continue;
                }
            }

            if (anyNumber is not { } wide)
                return false;
            ofKey = wide.Takes + WordAt(key, wide.Takes).Length + 1;
            ofPattern = wide.After;
            anyNumber = wide with { Takes = ofKey };
        }

        return MatchesNothing(pattern, ofPattern);
    }

    static bool MatchesNothing(ReadOnlySpan<char> pattern, int from)
    {
        for (; from <= pattern.Length; from += 2)
        {
            if (WordAt(pattern, from) is not "#")
                return false;
        }

        return true;
    }

    static ReadOnlySpan<char> WordAt(ReadOnlySpan<char> words, int start)
    {
        var rest = words[start..];
        var dot = rest.IndexOf('.');
        return dot < 0 ? rest : rest[..dot];
    }
}
